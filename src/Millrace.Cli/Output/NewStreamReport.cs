namespace Millrace.Cli.Output;

/// <summary>What <c>streams new</c> answers. Its JSON is in docs/CLI-OUTPUT.md: keep the two in step. Immutable.</summary>
/// <param name="File">Full path of the definition.</param>
sealed record NewStreamReport(string Stream, string Topic, string File);
