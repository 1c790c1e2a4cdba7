using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;
using Millrace.Streams.Events;
using Millrace.Streams.Setup;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Events;

[Collection(ServersCollection.Name)]
public class LoadFaultsTests(ServersFixture servers) : ServersTest(servers)
{
    static readonly IReadOnlyList<StreamDefinition> Streams = StreamCatalog.Load(Path.Combine(Repository.Root, "streams")).Streams;

    /// <summary>Columns in objects, beside the record, with rules of their own and of types that take any text.</summary>
    const string Many = """
        stream: broken
        topic: broken_on_purpose
        partitions: 1
        key: user
        table: broken_table
        order_by: [user]
        columns:
          - { name: user, type: String, from: key, generate: { choice: [me, you] } }
          - { name: device, type: String, from: $.meta.device.id, generate: { choice: [d] } }
          - { name: at, type: DateTime64(3), from: $.meta.at, format: epoch_us, generate: now }
          - { name: word, type: String, missing: default, generate: { choice: [w] } }
          - { name: size, type: UInt8, invalid: default, generate: { range: [1, 9] } }
          - { name: note, type: Nullable(Float64), generate: { range: [1, 9] }, nulls: 0.5 }
          - { name: kind, type: "Enum('wrong', 'right')", generate: { choice: [right] } }
          - { name: days, type: Array(Date), generate: { array: now, length: [0, 3] } }
          - { name: flag, type: Bool, generate: { choice: ["true"] } }
          - { name: name, type: "Nullable(FixedString(5))", generate: { choice: [right] } }
          - { name: big, type: Int256, generate: { range: [1, 9] } }
          - { name: uid, type: UUID, generate: uuid }
        """;

    /// <summary>The last has not one column that could be missing or wrong.</summary>
    [Theory]
    [InlineData("broken_on_purpose", Many)]
    [InlineData("loosely_broken", """
        stream: broken
        topic: loosely_broken
        partitions: 1
        key: user
        table: broken_table
        order_by: [user]
        columns:
          - { name: user, type: String, missing: default, "null": default, generate: { choice: [me, you] } }
          - { name: note, type: Nullable(String), generate: { choice: [n] } }
        """)]
    public async Task Every_malformed_event_becomes_a_dead_letter_and_every_other_a_row(string topic, string yaml)
    {
        const int Events = 600;
        var catalog = TestStream.Catalog(yaml);
        var endpoints = await Servers.NewDatabaseAsync();
        await StandSetup.RunAsync(endpoints, catalog, NullLogger.Instance, CancellationToken.None);
        var options = new EmitterOptions
        {
            Events = Events,
            Seed = 7,
            MessagesPerSecond = 0,
            Shares = new EventShares(Late: 0.1, Duplicates: 0.1, Malformed: 0.5, HotKey: 0.2),
        };
        var report = await Emitter.RunAsync(
            options, new EmitterRate(options, TimeSpan.Zero), endpoints, catalog, acknowledged: null, _ => { }, NullLogger.Instance,
            TimeProvider.System, CancellationToken.None);
        Assert.Equal((topic, Events, options.Shares), (report.Topics.Single().Topic, report.Acknowledged, report.Shares));
        Assert.InRange(report.Malformed, 200, 400);

        using var client = new ClickHouseClient(endpoints);
        const string counts = "SELECT (SELECT count() FROM broken_table) AS rows, (SELECT count() FROM dead_letters) AS letters";
        var stored = await Eventually.Gives(
            () => client.QueryAsync<Stored>(counts), found => found.Single().Rows + found.Single().Letters >= Events, "all are stored");
        Assert.Equal(new Stored(Events - report.Malformed, report.Malformed), stored.Single());
    }

    [Fact]
    public void One_seed_with_the_same_shares_gives_the_same_events_and_the_good_ones_of_it_are_those_without_shares()
    {
        var shares = new EventShares(Malformed: 0.3);
        var all = Make(2000, shares);
        Assert.Equal(all.Select(Text), Make(2000, shares).Select(Text));
        var good = Make(2000, EventShares.None);
        Assert.All(all.Zip(good).Where(pair => !pair.First.IsMalformed), pair => Assert.Equal(Text(pair.Second), Text(pair.First)));
        Assert.All(all.Zip(good).Where(pair => pair.First.IsMalformed), pair => Assert.NotEqual(Text(pair.Second), Text(pair.First)));
        Assert.InRange(all.Count(made => made.IsMalformed), 500, 700);
    }

    [Fact]
    public void Late_events_are_hours_older_than_the_others()
    {
        var now = new FakeClock().GetUtcNow();
        var ages = Make(2000, new EventShares(Late: 0.25))
            .Select(made => now - JsonDocument.Parse(made.Value).RootElement.GetProperty("event_time").GetDateTimeOffset()).ToList();
        Assert.InRange(ages.Count(age => age > TimeSpan.Zero), 400, 600);
        Assert.All(ages.Where(age => age > TimeSpan.Zero), age => Assert.InRange(age.TotalHours, 1, 24.001));
    }

    [Fact]
    public void Duplicates_are_recent_events_once_more()
    {
        var all = Make(4000, new EventShares(Duplicates: 0.25)).Select(Text).ToList();
        Assert.InRange(all.Count - all.Distinct().Count(), 850, 1150);
        var good = Make(4000, EventShares.None).Select(Text).ToHashSet();
        Assert.All(all, text => Assert.Contains(text, good));
        Assert.All(Make(100, new EventShares(Duplicates: 1)).Select(Text), text => Assert.Equal(Text(Make(1, EventShares.None)[0]), text));
    }

    [Fact]
    public void Hot_key_events_have_the_key_of_the_first_event_of_their_stream_in_the_record_and_in_the_field()
    {
        var all = Make(4000, new EventShares(HotKey: 0.5));
        foreach (var stream in all.GroupBy(made => made.Stream))
        {
            var first = Encoding.UTF8.GetString(stream.First().Key);
            var hot = stream.Where(made => Encoding.UTF8.GetString(made.Key) == first).ToList();
            Assert.InRange((double)hot.Count / stream.Count(), 0.4, 0.6);
            var field = Streams[stream.Key].KeyColumn!;
            Assert.All(hot, made => Assert.Equal(first, JsonDocument.Parse(made.Value).RootElement.GetProperty(field).ToString()));
        }
    }

    [Fact]
    public void Shares_change_while_events_are_made()
    {
        var source = new EventSource(Streams, seed: 5, new FakeClock()) { Shares = new EventShares(Malformed: 1) };
        Assert.All(Enumerable.Range(0, 50), _ => Assert.True(source.Next().IsMalformed));
        source.Shares = EventShares.None;
        Assert.All(Enumerable.Range(0, 50), _ => Assert.False(source.Next().IsMalformed));
    }

    static List<MadeEvent> Make(int count, EventShares shares)
    {
        var source = new EventSource(Streams, seed: 5, new FakeClock()) { Shares = shares };
        return [.. Enumerable.Range(0, count).Select(_ => source.Next())];
    }

    static string Text(MadeEvent made) => Encoding.Latin1.GetString(made.Value);

    /// <summary>Immutable.</summary>
    sealed record Stored(long Rows, long Letters);
}
