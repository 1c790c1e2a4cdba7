using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;
using Millrace.Streams.Setup;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Definition;

/// <summary>What <c>streams new</c> writes is a stream as it is.</summary>
[Collection(ServersCollection.Name)]
public sealed partial class NewStreamTests(ServersFixture servers) : ServersTest(servers), IDisposable
{
    readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_record_of_its_form_becomes_a_row()
    {
        NewStream.Write(_folder.Path, "readings", "new_readings");
        var endpoints = await Servers.NewDatabaseAsync();
        await StandSetup.RunAsync(endpoints, StreamCatalog.Load(_folder.Path), NullLogger.Instance, CancellationToken.None);
        TestTopic.Produce(
            endpoints, "new_readings", 0,
            ["""{"id":"a","event_time":"2026-01-02T03:04:05Z","meta":{"device":"phone"},"amount":"n/a"}"""]);
        using var client = new ClickHouseClient(endpoints);
        var rows = await Eventually.Gives(
            () => client.QueryAsync<Row>("SELECT id, device, amount FROM readings_table"), rows => rows.Count == 1, "a row");
        Assert.Equal([new Row("a", "phone", null)], rows);
    }

    [Fact]
    public void It_is_as_the_schema_says_names_it_first_and_leaves_the_emitter_alone()
    {
        var text = File.ReadAllText(NewStream.Write(_folder.Path, "readings", "sensors.v1"));
        var stream = TestStream.Read(text);
        Assert.Equal(("readings", "sensors.v1", "readings_table", 0), (stream.Name, stream.Topic, stream.TargetTable, stream.Weight));
        Assert.StartsWith("# yaml-language-server: $schema=stream.schema.json\n", text, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText(DefinitionSchema.Path), File.ReadAllText(_folder.Sub("stream.schema.json")));
    }

    [Fact]
    public void Every_line_that_is_commented_out_can_be_used()
    {
        var text = File.ReadAllText(NewStream.Write(_folder.Path, "readings", "readings"));
        var stream = TestStream.Read(LineInComment().Replace(text, ""));
        Assert.Equal((3, true, "id", 10), (stream.Partitions, stream.RaisesPartitions, stream.KeyColumn, stream.Weight));
        Assert.Equal("unknown", stream.Columns[^1].Default);
        Assert.Equal(3, stream.Columns.Count(column => column.Generator is not ColumnGenerator.None));
    }

    /// <summary>Whatever other YAML readers take it for.</summary>
    [Theory]
    [InlineData("7")]
    [InlineData("-")]
    [InlineData("true")]
    [InlineData("null")]
    [InlineData("1.5")]
    [InlineData("..a")]
    [InlineData("shop.orders-v1")]
    public void Every_name_of_a_topic_is_kept(string topic) =>
        Assert.Equal(topic, TestStream.Read(File.ReadAllText(NewStream.Write(_folder.Path, "readings", topic))).Topic);

    [Theory]
    [InlineData("1st", "a", "'1st' is not an identifier; use up to 64 letters, digits and '_', beginning with a letter")]
    [InlineData("a: b", "a", "'a: b' is not an identifier")]
    [InlineData("../a", "a", "'../a' is not an identifier")]
    [InlineData("index", "a", "'index' is a word of SQL; choose another name")]
    [InlineData("fine", "a b", "'a b' is not a topic name")]
    [InlineData("other", "topic_one", "topic: 'topic_one' is taken in ")]
    [InlineData("two", "a", "table: 'two_table' is taken in ")]
    [InlineData("ONE", "a", "one.yml is there already: edit it, or choose another name")]
    public void What_would_not_go_with_the_folder_is_refused_and_nothing_is_written(string name, string topic, string sentence)
    {
        var held = TestStream.Small("topic_one", "one").Replace("one_table", "two_table", StringComparison.Ordinal);
        File.WriteAllText(_folder.Sub("one.yml"), held);
        var refused = Assert.Throws<StreamDefinitionException>(() => NewStream.Write(_folder.Path, name, topic));
        Assert.Contains(sentence, refused.Message, StringComparison.Ordinal);
        Assert.Equal([_folder.Sub("one.yml")], Directory.GetFiles(_folder.Path));
        Assert.Equal(held, File.ReadAllText(_folder.Sub("one.yml")));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_made_and_a_schema_that_is_there_stays()
    {
        var folder = _folder.Sub("shop");
        NewStream.Write(folder, "one", "one");
        File.WriteAllText(Path.Combine(folder, "stream.schema.json"), "{}");
        NewStream.Write(folder, "two", "two");
        Assert.Equal(["one", "two"], StreamCatalog.Load(folder).Streams.Select(stream => stream.Name));
        Assert.Equal("{}", File.ReadAllText(Path.Combine(folder, "stream.schema.json")));
    }

    [GeneratedRegex("#(?=[^ \n])")]
    private static partial Regex LineInComment();

    sealed record Row(string Id, string? Device, decimal? Amount);
}
