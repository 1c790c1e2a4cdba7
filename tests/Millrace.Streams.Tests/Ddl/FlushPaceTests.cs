using System.Globalization;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Tests.Ddl;

/// <summary>How often a queue table is flushed: by what its definition states, or by how many there are.</summary>
public class FlushPaceTests
{
    [Theory]
    [InlineData(1, 200)]
    [InlineData(9, 200)]
    [InlineData(10, 400)]
    [InlineData(19, 400)]
    [InlineData(50, 1600)]
    [InlineData(100, 3200)]
    public void The_more_streams_there_are_the_longer_each_waits_for_its_next_flush(int streams, int milliseconds)
    {
        var catalog = TestStream.Catalog([.. Many(streams)]);
        Assert.All(catalog.Streams, stream => Assert.Equal(milliseconds, IntervalOf(stream)));
    }

    [Fact]
    public void What_a_definition_states_holds_among_however_many()
    {
        var stated = TestStream.Small("stated", "stated") + "\nflush_interval_ms: 250\n";
        var catalog = TestStream.Catalog([stated, .. Many(20)]);
        Assert.Equal([250, .. Enumerable.Repeat(800, 20)], catalog.Streams.Select(IntervalOf));
    }

    [Theory]
    [InlineData("49")]
    [InlineData("60001")]
    [InlineData("1s")]
    public void Another_interval_is_refused_with_what_is_allowed(string interval)
    {
        var refused = Assert.Throws<StreamDefinitionException>(
            () => TestStream.Catalog(TestStream.Small("a", "a") + $"\nflush_interval_ms: {interval}\n"));
        Assert.Contains(
            $"flush_interval_ms: '{interval}' is not a whole number from 50 to 60000", refused.Message, StringComparison.Ordinal);
    }

    static IEnumerable<string> Many(int streams) =>
        Enumerable.Range(0, streams).Select(number => TestStream.Small($"t{number}", $"s{number}"));

    static int IntervalOf(StreamDefinition stream)
    {
        const string setting = "kafka_flush_interval_ms = ";
        var endpoints = new StandEndpoints { Kafka = "kafka:9092", ClickHouse = new Uri("http://clickhouse:8123") };
        var sql = new StreamChain(stream, endpoints).QueueTable.CreateSql;
        var value = sql[(sql.IndexOf(setting, StringComparison.Ordinal) + setting.Length)..];
        return int.Parse(value[..value.IndexOf(',', StringComparison.Ordinal)], CultureInfo.InvariantCulture);
    }
}
