using Millrace.Streams.ClickHouse;

namespace Millrace.Streams.Ddl;

/// <summary>
/// The INSERTs that fill a target table beside its views (docs/decisions/0018-dead-letters-sent-again.md). ClickHouse goes on with one
/// whose command was killed. So each has the id of its table, which ClickHouse refuses as long as a query with it runs: whoever comes next,
/// to fill the table or to change it, learns of it in a way that needs no right, and waits for its end. Immutable.
/// </summary>
sealed class SecondWay(ClickHouseClient client, StandEndpoints endpoints, TimeProvider time, TimeSpan limit)
{
    /// <summary>QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING of ClickHouse (src/Common/ErrorCodes.cpp).</summary>
    const int SameId = 216;

    /// <summary>A batch takes some seconds.</summary>
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public SecondWay(ClickHouseClient client, StandEndpoints endpoints, TimeProvider time)
        : this(client, endpoints, time, Limit)
    {
    }

    /// <summary>Fills the table, once nobody else does. To be called under the lock of the setups.</summary>
    /// <exception cref="DdlRefusedException">The one before did not end in time.</exception>
    public Task InsertAsync(string table, string sql, CancellationToken cancellation) =>
        AloneAsync(table, id => client.ExecuteAsync(sql, cancellation, id), cancellation);

    /// <param name="rows">Go with it.</param>
    /// <inheritdoc cref="InsertAsync(string, string, CancellationToken)"/>
    public Task InsertAsync(string table, string sql, ExternalRows rows, CancellationToken cancellation) =>
        AloneAsync(table, id => client.ExecuteAsync(sql, rows, cancellation, id), cancellation);

    /// <summary>Returns when nobody fills the table by a second way. To be called under the lock of the setups.</summary>
    /// <exception cref="DdlRefusedException">The one before did not end in time.</exception>
    public Task WaitAsync(string table, CancellationToken cancellation) => InsertAsync(table, "SELECT 1 FORMAT Null", cancellation);

    /// <inheritdoc cref="InsertAsync(string, string, CancellationToken)"/>
    /// <param name="query">Is given the id.</param>
    async Task AloneAsync(string table, Func<string, Task> query, CancellationToken cancellation)
    {
        var (id, started) = (IdOf(table), time.GetTimestamp());
        while (true)
        {
            try
            {
                await query(id).ConfigureAwait(false);
                return;
            }
            catch (ClickHouseException e) when (e.Code == SameId)
            {
                if (time.GetElapsedTime(started) > limit) throw StillRuns(table, id);
                await Task.Delay(Pause, time, cancellation).ConfigureAwait(false);
            }
        }
    }

    string IdOf(string table) => $"millrace-retry-{endpoints.Database}-{table}";

    static DdlRefusedException StillRuns(string table, string id) => new(
        $"the insert of a command that was killed still fills {table}, and nothing may come between: do it again when it has ended "
            + $"(SELECT elapsed FROM system.processes WHERE query_id = '{id}')");
}
