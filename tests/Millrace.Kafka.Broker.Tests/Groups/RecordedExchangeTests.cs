using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Testing;

namespace Millrace.Kafka.Broker.Tests.Groups;

public sealed class RecordedExchangeTests
{
    [Fact]
    public async Task Every_version_of_the_group_APIs_is_answered_byte_by_byte_as_Apache_Kafka_does()
    {
        using var directory = new TemporaryDirectory();
        var options = new BrokerOptions
        {
            DataDirectory = directory.Path, Port = 0, AutoCreateTopics = false, GroupInitialRebalanceDelay = TimeSpan.Zero, AdvertisedHost = "127.0.0.1",
        };
        await using var broker = await BrokerHost.StartAsync(options, NullLoggerFactory.Instance, CancellationToken.None);
        var differences = await RecordedExchanges.PlayAsync(broker.EndPoint);
        Assert.True(differences.Count == 0, $"{differences.Count} differences:\n{string.Join("\n\n", differences)}");
    }
}
