namespace Millrace.Cli.Basics;

/// <summary>An expected failure: <see cref="Exception.Message"/> is the one sentence for stderr, with what to do next.</summary>
sealed class CliException(int exitCode, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>One of <see cref="ExitCodes"/>.</summary>
    public int ExitCode { get; } = exitCode;
}
