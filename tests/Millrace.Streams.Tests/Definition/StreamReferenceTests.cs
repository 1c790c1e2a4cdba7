using System.Text.RegularExpressions;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Definition;

/// <summary>docs/STREAMS.md: its examples are valid, and its reference is that of the schema. STREAMS_MD=write renews the latter.</summary>
public partial class StreamReferenceTests
{
    static readonly string File = Path.Combine(Repository.Root, "docs", "STREAMS.md");

    [Fact]
    public void The_reference_is_made_from_the_schema()
    {
        var text = System.IO.File.ReadAllText(File);
        var byHand = ByHand().Match(text).Value;
        Assert.NotEmpty(byHand);
        var whole = byHand + StreamReference.Write(DefinitionSchema.Json).TrimEnd('\n') + '\n';
        if (Environment.GetEnvironmentVariable("STREAMS_MD") == "write") System.IO.File.WriteAllText(File, whole);
        Assert.Equal(System.IO.File.ReadAllText(File), whole);
    }

    [Fact]
    public void Each_example_is_a_stream_and_all_of_them_can_stand_in_one_folder()
    {
        var examples = Example().Matches(System.IO.File.ReadAllText(File)).Select(match => match.Groups[1].Value).ToArray();
        Assert.Equal(9, TestStream.Catalog(examples).Streams.Count);
    }

    [GeneratedRegex(@"^.*<!-- From here on [^\n]*-->\n\n", RegexOptions.Singleline)]
    private static partial Regex ByHand();

    [GeneratedRegex(@"^```yaml\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Example();
}
