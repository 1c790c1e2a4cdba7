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
