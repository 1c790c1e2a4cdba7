using Millrace.Kafka.Broker.Basics;
using Millrace.Kafka.Broker.Tests.Network;
using Millrace.Kafka.Protocol;

namespace Millrace.Kafka.Broker.Tests;

public sealed class BrokerSettingTests
{
    static readonly BrokerOptions Defaults = new() { DataDirectory = "/data" };

    [Fact]
    public void Each_setting_takes_the_value_that_it_shows_and_changes_nothing_by_it()
    {
        foreach (var setting in BrokerSetting.All)
            Assert.Equal(Defaults, BrokerSetting.Apply(Defaults, [$"{setting.Name}={setting.Read(Defaults)}"]));
    }

    [Fact]
    public void Settings_are_taken_by_their_names_in_Kafka()
    {
        var options = BrokerSetting.Apply(Defaults,
        [
            "auto.create.topics.enable=false", "log.retention.check.interval.ms=1000", "max.connections=7", "queued.max.request.bytes=8",
            "log.retention.ms=-1", "offsets.retention.minutes=2",
        ]);
        Assert.Equal(
            Defaults with
            {
                AutoCreateTopics = false,
                RetentionCheckInterval = TimeSpan.FromSeconds(1),
                MaxConnections = 7,
                QueuedMaxRequestBytes = 8,
                RetentionTime = null,
                OffsetsRetention = TimeSpan.FromMinutes(2),
            },
            options);
    }

    [Theory]
    [InlineData("log.retention.check.interval.ms=0", "log.retention.check.interval.ms is 00:00:00")]
    [InlineData("max.connections=0", "max.connections is 0")]
    [InlineData("queued.max.request.bytes=0", "queued.max.request.bytes is 0")]
    [InlineData("max.connections=many", "max.connections can't be 'many'")]
    [InlineData("max.connections=3000000000", "max.connections can't be '3000000000'")]
    [InlineData("auto.create.topics.enable", "auto.create.topics.enable can't be ''")]
    [InlineData("listeners=PLAINTEXT://:1", "The broker has no setting 'listeners'")]
    [InlineData("offsets.retention.minutes=9223372036854775807", null)]
    [InlineData("log.roll.ms=9223372036854775807", null)]
    public void What_can_t_be_is_one_sentence(string assignment, string? sentence)
    {
        if (sentence is null) BrokerSetting.Apply(Defaults, [assignment]);
        else
        {
            var failure = Assert.Throws<BrokerStartException>(() => BrokerSetting.Apply(Defaults, [assignment]));
            Assert.StartsWith(sentence, failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Without_auto_creation_a_topic_that_is_not_there_stays_so_and_is_told_of_once()
    {
        await using var broker = await TestBroker.StartAsync(options => options with { AutoCreateTopics = false });
        using var client = await broker.ConnectAsync();

        for (var i = 0; i < 2; i++)
            await client.AskAsync(ApiKey.Metadata, Requests.MetadataVersion, Requests.Metadata("typo"));

        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await FetchAnswer.AskAsync(client, Requests.Fetch("typo", 0, 0))).Error);
        var told = Assert.Single(broker.Log.Infos, info => info.Contains("typo", StringComparison.Ordinal));
        Assert.Equal("client test asked for topic typo, which is not there and is not made: auto.create.topics.enable is false", told);
    }
}
