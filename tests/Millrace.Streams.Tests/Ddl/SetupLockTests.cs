using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Ddl;

/// <summary>On the engine's own default database too: it keeps no time of a table's last change.</summary>
[Collection(ServersCollection.Name)]
public class SetupLockTests(ServersFixture servers) : ServersTest(servers)
{
    static readonly TimeProvider Quick = new QuickTime();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_holder_that_lives_is_waited_for_however_long_it_takes(bool inDefaultDatabase)
    {
        using var client = await ClientAsync(inDefaultDatabase);
        var held = await TakeAsync(client);
        var next = TakeAsync(client);
        // Far more than a dead holder is given.
        for (var look = 0; look < 600; look++) await client.ExecuteAsync("SELECT 1 FORMAT Null");
        Assert.False(next.IsCompleted);
        await held.DisposeAsync();
        await (await next.WaitAsync(Eventually.DefaultLimit)).DisposeAsync();
        Assert.Equal("", await LocksAsync(client));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lock_whose_holder_died_is_broken_for_one_waiter_at_a_time(bool inDefaultDatabase)
    {
        using var client = await ClientAsync(inDefaultDatabase);
        await client.ExecuteAsync("CREATE TABLE setup_lock (nothing UInt8) ENGINE = Null COMMENT 'a Millrace setup is at work: dead, beat 7'");
        var holders = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            await using var held = await TakeAsync(client).WaitAsync(Eventually.DefaultLimit);
            Assert.Equal(1, Interlocked.Increment(ref holders));
            await client.ExecuteAsync("SELECT 1 FORMAT Null");
            Interlocked.Decrement(ref holders);
        }));
        Assert.Equal("", await LocksAsync(client));
    }

    [Fact]
    public async Task A_holder_that_ClickHouse_did_not_hear_for_a_moment_keeps_the_lock()
    {
        var endpoints = await Servers.NewDatabaseAsync();
        using var wire = new CutWire(endpoints.ClickHouse);
        using var holding = new ClickHouseClient(endpoints with { ClickHouse = wire.Url });
        using var waiting = new ClickHouseClient(endpoints);
        var held = await TakeAsync(holding);
        wire.Cut();
        await Eventually.Holds(() => wire.Refused > 0, "a beat fails");
        wire.Mend();
        var next = TakeAsync(waiting);
        // Far more than a dead holder is given.
        for (var look = 0; look < 600; look++) await waiting.ExecuteAsync("SELECT 1 FORMAT Null");
        Assert.False(next.IsCompleted);
        await held.DisposeAsync();
        await (await next.WaitAsync(Eventually.DefaultLimit)).DisposeAsync();
    }

    [Fact]
    public async Task A_holder_whose_lock_was_broken_hears_of_it_and_leaves_the_new_one_alone()
    {
        using var client = await ClientAsync(inDefaultDatabase: false);
        var held = await TakeAsync(client);
        await client.ExecuteAsync("RENAME TABLE setup_lock TO setup_lock_of_the_first");
        await using var next = await TakeAsync(client);
        await Eventually.Holds(() => held.Lost.IsCancellationRequested, "the first holder knows");
        await held.DisposeAsync();
        Assert.False(next.Lost.IsCancellationRequested);
        Assert.Contains("setup_lock", (await LocksAsync(client)).Split(", "));
    }

    async Task<ClickHouseClient> ClientAsync(bool inDefaultDatabase)
    {
        var endpoints = await Servers.NewDatabaseAsync();
        return new ClickHouseClient(inDefaultDatabase ? endpoints with { Database = "default" } : endpoints);
    }

    static Task<SetupLock> TakeAsync(ClickHouseClient client) => SetupLock.TakeAsync(client, Quick, CancellationToken.None);

    static async Task<string> LocksAsync(ClickHouseClient client)
    {
        var locks = await client.QueryAsync<Lock>(
            "SELECT name FROM system.tables WHERE database = currentDatabase() AND startsWith(name, 'setup_lock')");
        return string.Join(", ", locks.Select(found => found.Name));
    }

    sealed record Lock(string Name);

    /// <summary>A clock whose timers are due in a twentieth of the time.</summary>
    sealed class QuickTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, Shorten(dueTime), Shorten(period));

        static TimeSpan Shorten(TimeSpan time) => time > TimeSpan.Zero ? time / 20 : time;
    }
}
