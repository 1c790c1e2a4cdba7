using Millrace.Streams.Definition;
using Millrace.Streams.Kafka;
using Millrace.Streams.Setup;
using Millrace.Streams.Tests.Kafka;

namespace Millrace.Streams.Tests.Setup;

/// <summary>Setups at the same time: each knows the topics as they were before the other's work.</summary>
public class TopicSetupTests(QuietBroker broker) : IClassFixture<QuietBroker>
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    static readonly IReadOnlyDictionary<string, int> None = new Dictionary<string, int>();

    [Fact]
    public async Task A_topic_that_another_setup_made_first_does_not_count_as_made()
    {
        var catalog = TestStream.Catalog(TestStream.Small("raced"));
        using var kafka = new KafkaQuestions(broker.Endpoints, KafkaClientProperties.AnswerLimit);
        var topics = new TopicSetup(kafka, TimeProvider.System);

        Assert.Equal(["raced"], await topics.CreateMissingAsync(catalog, None));
        Assert.Empty(await topics.CreateMissingAsync(catalog, None));
    }

    [Fact]
    public async Task Partitions_that_another_setup_raised_first_do_not_count_as_raised()
    {
        var catalog = TestStream.Catalog(TestStream.Small("raised"));
        using var kafka = new KafkaQuestions(broker.Endpoints, KafkaClientProperties.AnswerLimit);
        var topics = new TopicSetup(kafka, TimeProvider.System);
        var onePartition = TestStream.Small("raised").Replace("partitions: 2", "partitions: 1", StringComparison.Ordinal);
        await topics.CreateMissingAsync(TestStream.Catalog(onePartition), None);
        var before = await topics.WaitForPartitionsAsync(Limit, CancellationToken.None);

        Assert.Equal(["raised"], await topics.RaisePartitionsAsync(catalog, before));
        Assert.Empty(await topics.RaisePartitionsAsync(catalog, before));
        Assert.Equal(2, (await topics.WaitForPartitionsAsync(Limit, CancellationToken.None))["raised"]);
    }

    /// <summary>What the definition does not state is whoever's set it.</summary>
    [Fact]
    public async Task A_topic_gets_the_configs_that_its_definition_states_and_keeps_its_others()
    {
        static string Yaml(string configs) =>
            TestStream.Small("configured").Replace("key: id", $"topic_config: {{ {configs} }}\nkey: id", StringComparison.Ordinal);
        using var kafka = new KafkaQuestions(broker.Endpoints, KafkaClientProperties.AnswerLimit);
        using var admin = new KafkaAdmin(broker.Endpoints);
        var topics = new TopicSetup(kafka, TimeProvider.System);
        await topics.CreateMissingAsync(TestStream.Catalog(Yaml("retention.ms: 86400000, segment.ms: 1000")), None);
        var there = await topics.WaitForPartitionsAsync(Limit, CancellationToken.None);
        Assert.Equal(("86400000", "1000"), await ConfigsAsync());

        var catalog = TestStream.Catalog(Yaml("retention.ms: 3600000"));
        var edit = Assert.Single(TopicConfigEdit.Of(catalog.Streams[0], await admin.SettingsOfAsync("configured")));
        Assert.Equal(("retention.ms", "86400000", "3600000", true), (edit.Name, edit.From, edit.To, edit.DeletesSooner));
        Assert.Equal(["configured"], await topics.ConfigureAsync(catalog, there));
        Assert.Equal(("3600000", "1000"), await ConfigsAsync());
        Assert.Empty(await topics.ConfigureAsync(catalog, there));
        var longer = TestStream.Catalog(Yaml("retention.ms: -1")).Streams[0];
        Assert.False(Assert.Single(TopicConfigEdit.Of(longer, await admin.SettingsOfAsync("configured"))).DeletesSooner);

        foreach (var wrong in (string[])["retention.ms: soon", "no.such.config: 1"])
        {
            var refused = await Assert.ThrowsAsync<StreamDefinitionException>(() => topics.ConfigureAsync(TestStream.Catalog(Yaml(wrong)), there));
            Assert.StartsWith("test.yaml, line 4, column 15: topic_config: Kafka does not take it: ", refused.Message, StringComparison.Ordinal);
            var unmade = TestStream.Catalog(Yaml(wrong).Replace("topic: configured", "topic: never_made", StringComparison.Ordinal));
            await Assert.ThrowsAsync<StreamDefinitionException>(() => topics.CreateMissingAsync(unmade, None));
        }
        Assert.Equal(("3600000", "1000"), await ConfigsAsync());

        async Task<(string?, string?)> ConfigsAsync()
        {
            var settings = (await admin.SettingsOfAsync("configured")).ToDictionary(setting => setting.Name, setting => setting.Value);
            return (settings["retention.ms"], settings["segment.ms"]);
        }
    }

    [Fact]
    public async Task A_topic_that_somebody_made_keeps_its_partitions_unless_the_definition_names_another_number()
    {
        var one = TestStream.Catalog(TestStream.Small("of_somebody").Replace("partitions: 2", "partitions: 1", StringComparison.Ordinal));
        var unsaid = TestStream.Catalog(TestStream.Small("of_somebody").Replace("partitions: 2\n", "", StringComparison.Ordinal));
        using var kafka = new KafkaQuestions(broker.Endpoints, KafkaClientProperties.AnswerLimit);
        var topics = new TopicSetup(kafka, TimeProvider.System);
        await topics.CreateMissingAsync(one, None);

        Assert.Empty(await topics.RaisePartitionsAsync(unsaid, await topics.WaitForPartitionsAsync(Limit, CancellationToken.None)));
        Assert.Equal(1, (await topics.WaitForPartitionsAsync(Limit, CancellationToken.None))["of_somebody"]);
    }
}
