using System.Text.Json;

namespace Millrace.EndToEnd;

/// <summary>How a run of <c>./millrace</c> ended. Immutable.</summary>
sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>stdout as one JSON document.</summary>
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    public CommandResult Expect(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode} instead of {exitCode}\nstdout: {Output}\nstderr: {Error}");
        return this;
    }
}
