using Millrace.Streams.ClickHouse;

namespace Millrace.Streams.Ddl;

/// <summary>For whoever changes the database by an order of somebody who waits for the answer: setups go before.</summary>
public static class RunningSetup
{
    /// <summary>
    /// Waits in the queue of the setups, as the order itself will: it takes the lock of one that has died, which nobody else may do.
    /// </summary>
    /// <param name="limit">20 s and more, to outlast the lock of one that has died.</param>
    /// <returns>false: one was at work all the time.</returns>
    /// <exception cref="DdlRefusedException">Somebody else has a table of the lock's name.</exception>
    /// <exception cref="ClickHouseTroubleException">ClickHouse gave no answer, or refused.</exception>
    public static async Task<bool> EndsWithinAsync(
        TimeSpan limit, ClickHouseClient client, TimeProvider time, CancellationToken cancellation)
    {
        using var over = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellation);
        try
        {
            await using var _ = await SetupLock.TakeAsync(client, time, either.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
