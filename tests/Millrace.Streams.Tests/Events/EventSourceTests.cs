using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Millrace.Streams.Definition;
using Millrace.Streams.Events;
using Millrace.Streams.Types;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Events;

public class EventSourceTests
{
    static readonly IReadOnlyList<StreamDefinition> Streams = StreamCatalog.Load(Path.Combine(Repository.Root, "streams")).Streams;

    readonly FakeClock _time = new();

    [Fact]
    public void Every_event_has_the_columns_of_its_definition_with_values_of_their_types()
    {
        foreach (var (stream, json) in Make(5000, seed: 1).Select(Parse))
        {
            Assert.Equal(stream.Columns.Select(column => column.Name), json.EnumerateObject().Select(field => field.Name));
            foreach (var column in stream.Columns) AssertFits(column, json.GetProperty(column.Name));
        }
    }

    [Theory]
    [InlineData("UInt16", "choice: [+007]", "7")]
    [InlineData("Decimal(10, 2)", "choice: [.50]", "0.50")]
    [InlineData("Float64", "choice: [-5.]", "-5")]
    [InlineData("Bool", "choice: [true]", "true")]
    [InlineData("Int64", "range: [-999999999999999999, -999999999999999999]", "-999999999999999999")]
    [InlineData("Decimal(18, 2)", "range: [-9999999999999999.99, -9999999999999999.99]", "-9999999999999999.99")]
    public void A_number_is_json_however_the_definition_writes_it(string type, string generate, string expected)
    {
        var stream = TestStream.Read(TestStream.Small("numbers", moreColumns: $"  - {{ name: made, type: \"{type}\", generate: {{ {generate} }} }}"));

        var made = new EventSource([stream], seed: 1, _time).Next();

        Assert.Equal(expected, JsonDocument.Parse(made.Value).RootElement.GetProperty("made").GetRawText());
    }

    [Fact]
    public void The_key_is_the_text_of_the_key_column()
    {
        foreach (var made in Make(100, seed: 1))
        {
            var (stream, json) = Parse(made);
            Assert.Equal(json.GetProperty(stream.KeyColumn!).ToString(), Encoding.UTF8.GetString(made.Key));
        }
    }

    [Theory]
    [InlineData("R&D")]
    [InlineData("Müller's <\"café\"> + \\ \t/ 🛒")]
    public void The_key_is_the_text_itself_where_json_escapes_it(string text)
    {
        var stream = TestStream.Read(TestStream.Small("texts").Replace("key: id", "key: made", StringComparison.Ordinal)
            + $"\n  - {{ name: made, type: String, generate: {{ choice: [{JsonSerializer.Serialize(text)}] }} }}");

        var made = new EventSource([stream], seed: 1, _time).Next();

        Assert.Equal(text, Encoding.UTF8.GetString(made.Key));
        Assert.Equal(text, JsonDocument.Parse(made.Value).RootElement.GetProperty("made").GetString());
    }

    [Fact]
    public void Timestamps_are_of_now()
    {
        _time.Advance(TimeSpan.FromMilliseconds(1));

        var (_, json) = Parse(Make(1, seed: 1).Single());

        Assert.Equal("2026-01-01T00:00:00.001Z", json.GetProperty("event_time").GetString());
    }

    [Fact]
    public void One_seed_gives_the_same_events() =>
        Assert.Equal(Make(1000, seed: 5).Select(made => made.Value), Make(1000, seed: 5).Select(made => made.Value));

    [Fact]
    public void Events_are_written_into_the_same_arrays_again_and_again()
    {
        var (reusing, other) = (new EventSource(Streams, seed: 5, _time), new EventSource(Streams, seed: 5, _time));
        const int Events = 20_000;
        for (var i = 0; i < Events; i++)
        {
            var (made, expected) = (reusing.NextInReusedArrays(), other.Next());
            Assert.Equal((expected.Stream, Convert.ToHexString(expected.Key)), (made.Stream, Convert.ToHexString(made.Key)));
            Assert.True(expected.Value.AsSpan().SequenceEqual(made.Value));
        }
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Events; i++) reusing.NextInReusedArrays();
        // A session is an object, and has several events; an event of its own would be hundreds of bytes.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / (double)Events, 0, 40);
    }

    [Fact]
    public void Streams_come_as_often_as_their_weights_say()
    {
        var counts = Make(100_000, seed: 1).CountBy(made => Streams[made.Stream].Name).ToDictionary();

        Assert.InRange(counts["views"], 49_000, 51_000);
        Assert.InRange(counts["clicks"], 41_000, 43_000);
        Assert.InRange(counts["orders"], 7_500, 8_500);
    }

    [Fact]
    public void A_click_follows_a_view_and_an_order_a_click_of_the_same_session_and_product()
    {
        var seen = Streams.ToDictionary(stream => stream.Name, _ => new HashSet<string>());
        var orphans = 0;
        foreach (var (stream, json) in Make(20_000, seed: 3).Select(Parse))
        {
            var visit = $"{json.GetProperty("session_id")} {json.GetProperty("product_id")}";
            if (stream.After is { } cause && !seen[cause].Contains(visit)) orphans++;
            seen[stream.Name].Add(visit);
        }

        // Before the first view there is nothing to click on.
        Assert.InRange(orphans, 0, 5);
    }

    [Fact]
    public void An_order_follows_a_view_where_no_clicks_are_made()
    {
        var catalog = StreamCatalog.Create([.. Streams.Select(stream => ("test.yaml", stream.Name == "clicks" ? stream with { Weight = 0 } : stream))]);
        var streams = Emitter.Emitted(catalog);
        var source = new EventSource(streams, seed: 3, _time);
        var viewed = new HashSet<string>();
        var orphans = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var made = source.Next();
            var json = JsonDocument.Parse(made.Value).RootElement;
            var visit = $"{json.GetProperty("session_id")} {json.GetProperty("product_id")}";
            if (streams[made.Stream].Name == "views") viewed.Add(visit);
            else if (!viewed.Contains(visit)) orphans++;
        }

        Assert.Equal(["orders", "views"], streams.Select(stream => stream.Name));
        // Before the first view there is nothing to order.
        Assert.InRange(orphans, 0, 5);
    }

    [Fact]
    public void Few_products_make_most_of_the_traffic_and_users_come_back()
    {
        var events = Make(20_000, seed: 2).Select(made => Parse(made).Json).ToList();

        var top = events.CountBy(json => json.GetProperty("product_id").GetInt64()).OrderByDescending(pair => pair.Value).Take(100).Sum(pair => pair.Value);
        var sessions = events.Select(json => json.GetProperty("session_id").GetString()).Distinct().Count();

        Assert.InRange(top, 10_000, 16_000);
        Assert.InRange(sessions, 1_000, 5_000);
    }

    List<MadeEvent> Make(int count, int seed)
    {
        var source = new EventSource(Streams, seed, _time);
        return [.. Enumerable.Range(0, count).Select(_ => source.Next())];
    }

    static (StreamDefinition Stream, JsonElement Json) Parse(MadeEvent made) =>
        (Streams[made.Stream], JsonDocument.Parse(made.Value).RootElement);

    static void AssertFits(ColumnDefinition column, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            Assert.False(column.IsRequired, column.Name);
            return;
        }
        switch (column.Type.Name)
        {
            case "UUID": Assert.True(value.TryGetGuid(out _)); break;
            case "IPv4": Assert.Equal(4, IPAddress.Parse(value.GetString()!).GetAddressBytes().Length); break;
            case "DateTime64": Assert.True(value.TryGetDateTimeOffset(out _)); break;
            case "UInt16": Assert.True(value.TryGetUInt16(out _)); break;
            case "UInt64": Assert.True(value.TryGetUInt64(out _)); break;
            case "Decimal": Assert.Equal(column.Type.Scale, decimal.Parse(value.GetRawText(), CultureInfo.InvariantCulture).Scale); break;
            default: Assert.Equal(JsonValueKind.String, value.ValueKind); break;
        }
    }

    [Fact]
    public void Fields_are_written_where_the_columns_read_them_and_a_key_that_is_no_field_beside_them()
    {
        var stream = TestStream.Read("""
            stream: nested
            topic: nested
            key: user
            table: nested_table
            order_by: [user]
            columns:
              - { name: user, type: String, from: key, generate: { choice: ["it's \"me\""] } }
              - { name: device, type: String, from: $.meta.device.id, generate: { choice: [d] } }
              - { name: at, type: DateTime64(3), from: "$.@timestamp", format: epoch_us, generate: now }
              - { name: kind, type: String, from: $.meta.kind, generate: { choice: [k] } }
              - { name: day, type: Date, format: epoch_s, generate: now }
              - { name: note, type: Nullable(String) }
            """);
        var time = new FakeClock(new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero));
        var (_, key, value, _) = new EventSource([stream], seed: 1, time).Next();
        Assert.Equal("it's \"me\"", Encoding.UTF8.GetString(key));
        Assert.Equal(
            """{"meta":{"device":{"id":"d"},"kind":"k"},"@timestamp":1767323045678000,"day":1767323045}""", Encoding.UTF8.GetString(value));
    }
}
