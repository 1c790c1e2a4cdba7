using System.Text.Json.Serialization;
using Millrace.Cli.Basics;

namespace Millrace.Cli.Output;

/// <summary>What <c>pause</c> and <c>resume</c> answer. Its JSON is in docs/CLI-OUTPUT.md: keep the two in step. Immutable.</summary>
/// <param name="Paused">Whether it is paused now.</param>
/// <param name="Changed">false when it was so before.</param>
sealed record PauseReport(string Stream, string Topic, bool Paused, bool Changed)
{
    [JsonIgnore]
    public string Sentence => (Paused, Changed) switch
    {
        (true, true) => $"Stream {Stream} is paused: the records of {Topic} wait until  {Self.Command} resume {Stream}",
        (true, false) => $"Stream {Stream} is paused already: go on with  {Self.Command} resume {Stream}",
        (false, true) => $"Stream {Stream} is resumed: ClickHouse goes on reading {Topic} where it was.",
        (false, false) => $"Stream {Stream} is not paused.",
    };
}
