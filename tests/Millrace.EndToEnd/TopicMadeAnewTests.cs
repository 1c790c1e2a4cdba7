using System.Globalization;
using System.Text.Json;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Millrace.Testing;

namespace Millrace.EndToEnd;

public sealed class TopicMadeAnewTests : IDisposable
{
    const string Definition = """
        stream: small
        topic: small
        partitions: 1
        key: id
        table: small_table
        order_by: [id]
        weight: 0
        columns:
          - { name: id, type: UInt64, generate: session.user_id }
        """;

    readonly TemporaryDirectory _streams = new();

    public TopicMadeAnewTests() => File.WriteAllText(_streams.Sub("small.yaml"), Definition);

    [Theory]
    [InlineData(false)]
    [RequiresInlineData(Prerequisite.ApacheKafka, true)]
    public async Task A_topic_made_anew_with_older_timestamps_loses_no_record_in_silence(bool onApacheKafka)
    {
        await using var apache = onApacheKafka ? await ApacheKafkaServer.StartAsync() : null;
        await using var stand = new Stand();
        var up = apache is null
            ? await stand.UpAsync("--streams", _streams.Path)
            : await stand.UpOnAsync(["--clickhouse-port", "0", "--page-port", "0"], "--streams", _streams.Path, "--kafka", apache.Bootstrap);
        var kafka = up.GetProperty("kafka").GetString()!;
        Produce(kafka, 1..101, TimeProvider.System.GetUtcNow());
        await Eventually.Holds(async () => await stand.CountAsync("small_table") == 100, "the first topic is stored");
        Assert.Equal(0, (await PsAsync(stand)).GetArrayLength());

        await RemakeAsync(kafka);
        Produce(kafka, 1001..1151, TimeProvider.System.GetUtcNow().AddDays(-1));

        // Whether the consumer begins at the start, where the view stops it, or goes on in the midst of the new topic.
        var troubles = await Eventually.Gives(
            () => PsAsync(stand), troubles => troubles.GetArrayLength() == 1, "ps says it", TimeSpan.FromMinutes(3));
        Assert.Equal("small", troubles[0].GetProperty("topic").GetString());
        Assert.Contains("small was made anew", troubles[0].GetProperty("trouble").GetString(), StringComparison.Ordinal);
        Assert.Contains("small was made anew", (await stand.RunAsync("ps")).Expect(0).Error, StringComparison.Ordinal);
        var audit = (await stand.RunAsync("audit", "--output", "json")).Expect(1).Json;
        Assert.Equal(0, audit.GetProperty("topics")[0].GetProperty("partitions")[0].GetProperty("other_record_at").GetInt64());
        var refused = (await stand.RunAsync("restart", "setup")).Expect(1);
        Assert.Contains("RENAME TABLE small_table TO small_table_old", refused.Error, StringComparison.Ordinal);

        await stand.QueryAsync("RENAME TABLE small_table TO small_table_old");
        (await stand.RunAsync("restart", "setup")).Expect(0);

        await Eventually.Holds(
            async () => await stand.QueryAsync("SELECT countDistinct(id), min(id), max(id) FROM small_table") == "150\t1001\t1150",
            "the new table has the topic from its start");
        await Eventually.Holds(async () => (await PsAsync(stand)).GetArrayLength() == 0, "ps has nothing to say");
        await Eventually.Holds(async () => (await stand.RunAsync("audit")).ExitCode == 0, "the audit is clean");
    }

    public void Dispose() => _streams.Dispose();

    static async Task<JsonElement> PsAsync(Stand stand) =>
        (await stand.RunAsync("ps", "--output", "json")).Expect(0).Json.GetProperty("troubles");

    /// <param name="first">Timestamp of the first; the others follow by a millisecond.</param>
    static void Produce(string kafka, Range ids, DateTimeOffset first)
    {
        using var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = kafka }).Build();
        foreach (var id in Enumerable.Range(ids.Start.Value, ids.End.Value - ids.Start.Value))
        {
            var time = new Timestamp(first.AddMilliseconds(id - ids.Start.Value));
            var value = string.Create(CultureInfo.InvariantCulture, $$"""{"id":{{id}}}""");
            producer.Produce(new TopicPartition("small", 0), new Message<Null, string> { Value = value, Timestamp = time });
        }
        Assert.Equal(0, producer.Flush(TimeSpan.FromSeconds(30)));
    }

    static async Task RemakeAsync(string kafka)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = kafka }).Build();
        await admin.DeleteTopicsAsync(["small"]);
        await Eventually.Holds(
            async () =>
            {
                await admin.CreateTopicsAsync([new TopicSpecification { Name = "small", NumPartitions = 1, ReplicationFactor = 1 }]);
                return true;
            },
            "the topic is made anew, once the old one is gone");
    }
}
