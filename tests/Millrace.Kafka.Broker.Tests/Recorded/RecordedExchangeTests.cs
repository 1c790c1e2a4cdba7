using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Kafka.Broker.Basics;
using Millrace.Testing;

namespace Millrace.Kafka.Broker.Tests.Recorded;

public sealed class RecordedExchangeTests
{
    /// <summary>The cluster.id with which Apache Kafka was recorded.</summary>
    const string RecordedClusterId = "MkU3OEVBNTcwNTJENDM2Qk";

    [Theory]
    [InlineData("groups.exchanges")]
    [InlineData("topics.exchanges")]
    public async Task Every_version_of_every_API_is_answered_byte_by_byte_as_Apache_Kafka_does(string file)
    {
        using var directory = new TemporaryDirectory();
        await File.WriteAllTextAsync(directory.Sub("meta.properties"), $"cluster.id={RecordedClusterId}\n");
        var options = new BrokerOptions
        {
            DataDirectory = directory.Path,
            Port = 0,
            AutoCreateTopics = false,
            GroupInitialRebalanceDelay = TimeSpan.Zero,
            AdvertisedHost = "127.0.0.1",
        };
        await using var broker = await BrokerHost.StartAsync(options, NullLoggerFactory.Instance, CancellationToken.None);
        var differences = await RecordedExchanges.PlayAsync(file, broker.EndPoint);
        Assert.True(differences.Count == 0, $"{differences.Count} differences:\n{string.Join("\n\n", differences)}");
    }
}
