namespace Millrace.Cli.Supervision;

/// <summary>Asks one process whether it still works. One attempt at a time.</summary>
interface ILivenessProbe : IDisposable
{
    /// <returns>false when it gives no answer, or a wrong one.</returns>
    Task<bool> AnswersAsync(CancellationToken cancellation);
}
