using System.Globalization;
using Millrace.Streams.ClickHouse;

namespace Millrace.Streams.Ddl;

/// <summary>
/// Lets one setup at a time change the database: CREATE TABLE without IF NOT EXISTS succeeds for one. Two that drop and make views side by side could leave a
/// queue table being read with a view missing behind it. A lock whose holder died is broken after a while.
/// </summary>
sealed class SetupLock : IAsyncDisposable
{
    public const string Table = "setup_lock";

    const string Comment = "a Millrace setup is at work";

    /// <summary>ClickHouse's TABLE_ALREADY_EXISTS (src/Common/ErrorCodes.cpp).</summary>
    const int TableAlreadyExists = 57;

    /// <summary>Many times what a setup takes: the slowest statement is the drop of a queue table, bounded by Kafka's timeouts.</summary>
    static readonly TimeSpan Abandoned = TimeSpan.FromSeconds(60);

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    readonly ClickHouseClient _client;

    SetupLock(ClickHouseClient client) => _client = client;

    /// <exception cref="DdlRefusedException">Somebody else has a table of this name.</exception>
    public static async Task<SetupLock> TakeAsync(ClickHouseClient client, TimeProvider time, CancellationToken cancellation)
    {
        while (!await TryTakeAsync(client, cancellation).ConfigureAwait(false))
        {
            await Task.Delay(Pause, time, cancellation).ConfigureAwait(false);
            await BreakAbandonedAsync(client, cancellation).ConfigureAwait(false);
        }
        return new SetupLock(client);
    }

    public async ValueTask DisposeAsync() => await DropAsync(_client, CancellationToken.None).ConfigureAwait(false);

    static async Task<bool> TryTakeAsync(ClickHouseClient client, CancellationToken cancellation)
    {
        try
        {
            await client.ExecuteAsync($"CREATE TABLE {Table} (nothing UInt8) ENGINE = Null COMMENT '{Comment}'", cancellation: cancellation).ConfigureAwait(false);
            return true;
        }
        catch (ClickHouseException e) when (e.Code == TableAlreadyExists)
        {
            return false;
        }
    }

    static async Task BreakAbandonedAsync(ClickHouseClient client, CancellationToken cancellation)
    {
        var isAbandoned = string.Create(CultureInfo.InvariantCulture, $"toBool(metadata_modification_time < now() - {Abandoned.TotalSeconds})");
        var found = await client.QueryAsync<Holder>(
            $"SELECT comment, {isAbandoned} AS is_abandoned FROM system.tables WHERE database = currentDatabase() AND name = '{Table}'", cancellation: cancellation).ConfigureAwait(false);
        if (found is not [var holder]) return;
        if (holder.Comment != Comment) throw new DdlRefusedException($"{Table} is not of Millrace's making, but setups need the name: rename it (RENAME TABLE)");
        if (holder.IsAbandoned) await DropAsync(client, cancellation).ConfigureAwait(false);
    }

    static Task DropAsync(ClickHouseClient client, CancellationToken cancellation) => client.ExecuteAsync($"DROP TABLE IF EXISTS {Table} SYNC", cancellation: cancellation);

    sealed record Holder(string Comment, bool IsAbandoned);
}
