using System.Globalization;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Ddl;

/// <summary>
/// Lets one setup at a time change the database, whichever machine it runs on: CREATE TABLE without IF NOT EXISTS succeeds for one.
/// Two that drop and make views side by side could leave a queue table being read with a view missing behind it.
/// Held until disposed; one owner.
/// </summary>
/// <remarks>
/// The table's comment names the holder and counts its beats. A lock whose comment stays the same has lost its holder, and a waiter
/// breaks it: it renames the table to a name made of that holder's, which succeeds for one, and keeps that table until its own setup
/// is done. So a second waiter that saw the dead holder too can't rename the new holder's table.
/// metadata_modification_time would tell nothing: it is 0 in the default database of clickhouse-local, which libchdb is.
/// </remarks>
sealed class SetupLock : IAsyncDisposable
{
    public const string Table = StreamDefinition.LockTable;

    const string Comment = "a Millrace setup is at work";

    /// <summary>ClickHouse's codes, src/Common/ErrorCodes.cpp.</summary>
    const int TableAlreadyExists = 57;
    const int UnknownTable = 60;

    /// <summary>
    /// Looks at the same comment, 15 seconds of them:
    /// looks, because a machine that slept has seen nothing of a holder that slept with it.
    /// </summary>
    const int LooksUntilAbandoned = 300;

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    readonly ClickHouseClient _client;
    readonly TimeProvider _time;
    readonly string _holder = Guid.NewGuid().ToString("N");
    readonly List<string> _broken = [];
    readonly CancellationTokenSource _released = new();
    readonly CancellationTokenSource _lost = new();
    Task _beating = Task.CompletedTask;

    SetupLock(ClickHouseClient client, TimeProvider time) => (_client, _time) = (client, time);

    /// <summary>Somebody took the holder for dead and holds the lock now: whatever it still does would be done twice.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <exception cref="DdlRefusedException">Somebody else has a table of this name.</exception>
    public static async Task<SetupLock> TakeAsync(ClickHouseClient client, TimeProvider time, CancellationToken cancellation)
    {
        var setupLock = new SetupLock(client, time);
        await setupLock.TakeAsync(cancellation).ConfigureAwait(false);
        setupLock._beating = setupLock.BeatAsync();
        return setupLock;
    }

    /// <summary>Works while it holds the lock.</summary>
    /// <param name="work">Its token is set when the lock is lost, too.</param>
    /// <exception cref="DdlRefusedException">Somebody else has a table of this name, or took the lock over.</exception>
    public static async Task<T> HoldAsync<T>(
        ClickHouseClient client, TimeProvider time, Func<CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        await using var setupLock = await TakeAsync(client, time, cancellation).ConfigureAwait(false);
        using var until = CancellationTokenSource.CreateLinkedTokenSource(cancellation, setupLock.Lost);
        try
        {
            return await work(until.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (setupLock.Lost.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new DdlRefusedException("another setup took over, as this one showed no sign of life for a while: run it again");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _released.CancelAsync().ConfigureAwait(false);
        await _beating.ConfigureAwait(false);
        _released.Dispose();
        _lost.Dispose();
        foreach (var table in _broken) await DropAsync(table).ConfigureAwait(false);
        if (await HolderAsync(CancellationToken.None).ConfigureAwait(false) == _holder) await DropAsync(Table).ConfigureAwait(false);
    }

    async Task TakeAsync(CancellationToken cancellation)
    {
        var (seen, looks) = ("", 0);
        var create = $"CREATE TABLE {Table} (nothing UInt8) ENGINE = Null COMMENT '{CommentOf(0)}'";
        while (!await TryAsync(create, TableAlreadyExists, cancellation).ConfigureAwait(false))
        {
            await Task.Delay(Pause, _time, cancellation).ConfigureAwait(false);
            var comment = await CommentAsync(cancellation).ConfigureAwait(false);
            (seen, looks) = comment == seen ? (seen, looks + 1) : (comment, 1);
            if (comment.Length > 0 && looks >= LooksUntilAbandoned) await BreakAsync(comment, cancellation).ConfigureAwait(false);
        }
    }

    async Task BreakAsync(string comment, CancellationToken cancellation)
    {
        var broken = $"{Table}_of_{HolderIn(comment)}";
        if (await TryAsync($"RENAME TABLE {Table} TO {broken}", TableAlreadyExists, cancellation).ConfigureAwait(false))
            _broken.Add(broken);
    }

    /// <summary>Shows waiters that the holder lives, until the lock is released.</summary>
    async Task BeatAsync()
    {
        using var timer = new PeriodicTimer(Beat, _time);
        try
        {
            for (
                var beat = 1;
                await timer.WaitForNextTickAsync(_released.Token).ConfigureAwait(false) && !_lost.IsCancellationRequested;
                beat++)
            {
                await BeatAsync(beat).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Released.
        }
    }

    /// <summary>One that fails is followed by the next: a moment without ClickHouse is not the end of the holder.</summary>
    async Task BeatAsync(int beat)
    {
        try
        {
            // A beat on another holder's lock would keep that alive, and hide that this one is over.
            if (await HolderAsync(_released.Token).ConfigureAwait(false) != _holder)
            {
                await _lost.CancelAsync().ConfigureAwait(false);
            }
            else
            {
                var sql = $"ALTER TABLE {Table} MODIFY COMMENT '{CommentOf(beat)}'";
                await _client.ExecuteAsync(sql, cancellation: _released.Token).ConfigureAwait(false);
            }
        }
        catch (ClickHouseTroubleException)
        {
            // ClickHouse is away, or the user may not alter a table: the setup itself hears of it.
        }
    }

    /// <returns>
    /// false when ClickHouse refused for the reason that <paramref name="expected"/> names, or there is no such table any more.
    /// </returns>
    async Task<bool> TryAsync(string sql, int expected, CancellationToken cancellation)
    {
        try
        {
            await _client.ExecuteAsync(sql, cancellation: cancellation).ConfigureAwait(false);
            return true;
        }
        catch (ClickHouseException e) when (e.Code == expected || e.Code == UnknownTable)
        {
            return false;
        }
    }

    /// <returns>The comment of the lock; empty when nobody holds it.</returns>
    async Task<string> CommentAsync(CancellationToken cancellation)
    {
        var sql = $"SELECT comment FROM system.tables WHERE database = currentDatabase() AND name = '{Table}'";
        var found = await _client.QueryAsync<Found>(sql, cancellation: cancellation).ConfigureAwait(false);
        if (found is not [{ Comment: var comment }]) return "";
        if (comment.StartsWith(Comment, StringComparison.Ordinal)) return comment;
        throw new DdlRefusedException($"{Table} is not of Millrace's making, but setups need the name: rename it (RENAME TABLE)");
    }

    async Task<string> HolderAsync(CancellationToken cancellation) => HolderIn(await CommentAsync(cancellation).ConfigureAwait(false));

    string CommentOf(int beat) => string.Create(CultureInfo.InvariantCulture, $"{Comment}: {_holder}, beat {beat}");

    static string HolderIn(string comment) => comment.Split(": ") is [_, var rest] ? rest.Split(',')[0] : "";

    Task DropAsync(string table) => _client.ExecuteAsync($"DROP TABLE IF EXISTS {table} SYNC", cancellation: CancellationToken.None);

    sealed record Found(string Comment);
}
