using System.Net;
using System.Net.Sockets;
using Confluent.Kafka;
using Millrace.Streams.Kafka;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Kafka;

[Collection(OriginalBroker.OneAtATime)]
public class DeadConsumersTests(QuietBroker embedded, OriginalBroker apache) : IClassFixture<QuietBroker>, IClassFixture<OriginalBroker>
{
    [Theory]
    [InlineData("embedded")]
    [RequiresInlineData(Prerequisite.ApacheKafka, "apache")]
    public async Task What_a_dead_ClickHouse_read_is_given_to_who_lives_before_its_session_ends(string broker)
    {
        var endpoints = broker == "embedded" ? embedded.Endpoints : apache.Endpoints;
        var bootstrap = endpoints.Kafka;
        var (topic, group) = ($"dead-consumers-{broker}", $"dead-consumers-{broker}");
        using var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = bootstrap }).Build();
        await producer.ProduceAsync(topic, new Message<Null, string> { Value = "a" });
        await GroupOffsets.CommitAsync(endpoints, group, new TopicPartitionOffset(topic, 0, 0)); // It has a coordinator by then.
        using var dead = await ForeignGroup.JoinAsync(bootstrap, group, "consumer", "ClickHouse-host-default-orders_queue");
        using var other = await ForeignGroup.JoinAsync(bootstrap, $"{group}-other", "consumer", "ClickHouse-host-default-orders_queue");

        Assert.Equal(1, await DeadConsumers.RemoveAsync(IPEndPoint.Parse(bootstrap), group, CancellationToken.None));

        using var consumer = new ConsumerBuilder<Ignore, string>(new ConsumerConfig
        {
            BootstrapServers = bootstrap,
            GroupId = group,
            ClientId = "living",
            AutoOffsetReset = AutoOffsetReset.Earliest,
        }).Build();
        consumer.Subscribe(topic);
        Assert.Equal("a", consumer.Consume(TimeSpan.FromSeconds(25))?.Message.Value); // The dead one's session lasts 30 s.
        Assert.Equal(0, await DeadConsumers.RemoveAsync(IPEndPoint.Parse(bootstrap), group, CancellationToken.None));
    }

    [Fact]
    public async Task A_broker_that_is_away_or_gives_no_answer_is_not_waited_for()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        foreach (var broker in (IPEndPoint[])[new(IPAddress.Loopback, 1), (IPEndPoint)silent.LocalEndpoint])
            Assert.Equal(0, await DeadConsumers.RemoveAsync(broker, "group", CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30)));
    }
}
