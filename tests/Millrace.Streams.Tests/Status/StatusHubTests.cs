using Millrace.Streams.Status;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Status;

public sealed class StatusHubTests
{
    static readonly DateTimeOffset Start = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    readonly StatusHub _hub = new();

    [Fact]
    public async Task A_reader_gets_the_past_and_then_each_document_without_a_gap()
    {
        Publish(1, 2, 3);
        using var reader = _hub.Subscribe();
        Publish(4, 5);
        _hub.End();
        Assert.Equal([1, 2, 3], reader.Past.Select(document => document.Number));
        Assert.Equal([4, 5], await RestOfAsync(reader));
    }

    [Fact]
    public void A_reader_that_comes_back_gets_what_it_missed_and_of_another_feed_everything()
    {
        Publish(1, 2, 3);
        Assert.Equal([3], Numbers(_hub.Subscribe("feed", after: 2).Past));
        Assert.Equal([1, 2, 3], Numbers(_hub.Subscribe("another", after: 2).Past));
    }

    [Fact]
    public async Task A_reader_of_a_hub_that_is_filled_anew_gets_nothing_that_it_knows()
    {
        using var reader = _hub.Subscribe("feed", after: 2);
        Publish(1, 2, 3);
        _hub.End();
        Assert.Equal([3], await RestOfAsync(reader));
    }

    [Fact]
    public void A_feed_that_begins_anew_takes_the_past_of_the_old_one_with_it()
    {
        Publish(1, 2, 3);
        _hub.Publish(Document(1) with { Feed = "anew" });
        Assert.Equal([1], Numbers(_hub.Subscribe().Past));
    }

    [Fact]
    public async Task A_reader_that_does_not_keep_up_loses_the_oldest_documents_and_holds_up_nobody()
    {
        using var slow = _hub.Subscribe();
        using var quick = _hub.Subscribe();
        var seen = CountAsync(quick);
        for (var number = 1; number <= 1000; number++)
        {
            _hub.Publish(Document(number));
            await Task.Yield();
        }
        _hub.End();
        await seen;
        var rest = await RestOfAsync(slow);
        Assert.Equal(1000, rest[^1]);
        Assert.InRange(rest.Count, 1, 200);
    }

    [Fact]
    public void A_reader_that_left_is_forgotten()
    {
        _hub.Subscribe().Dispose();
        Assert.Equal(0, _hub.Readers);
    }

    [Fact]
    public void An_hour_is_kept_every_second_of_the_last_five_minutes_and_whatever_happened_before()
    {
        const int seconds = 2 * 60 * 60;
        const int killed = 5000;
        for (var number = 1; number <= seconds; number++)
            _hub.Publish(number == killed ? Document(number) with { Events = [Died] } : Document(number));
        var past = _hub.Subscribe().Past;
        var age = past[^1].Time - past[0].Time;
        Assert.InRange(age, TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(60));
        Assert.Equal(Enumerable.Range(seconds - 299, 300).Select(number => (long)number), Numbers(past).TakeLast(300));
        Assert.Contains(killed, Numbers(past));
        Assert.InRange(past.Count, 900, 1000);
        Assert.All(past.Zip(past.Skip(1)), pair => Assert.InRange(pair.Second.Time - pair.First.Time, TimeSpan.Zero, TimeSpan.FromSeconds(5)));
    }

    static StandEvent Died => new(Start, StandEvent.Died, "broker", "killed (SIGKILL)");

    static StatusDocument Document(long number) => new("feed", number, Start.AddSeconds(number), null, null, null, [], []);

    static IEnumerable<long> Numbers(IReadOnlyList<StatusDocument> documents) => documents.Select(document => document.Number);

    static async Task<List<long>> RestOfAsync(StatusSubscription reader)
    {
        using var limit = new CancellationTokenSource(Eventually.DefaultLimit);
        var numbers = new List<long>();
        await foreach (var document in reader.ReadAllAsync(limit.Token)) numbers.Add(document.Number);
        return numbers;
    }

    static async Task CountAsync(StatusSubscription reader)
    {
        await foreach (var _ in reader.ReadAllAsync(CancellationToken.None)) { }
    }

    void Publish(params long[] numbers)
    {
        foreach (var number in numbers) _hub.Publish(Document(number));
    }
}
