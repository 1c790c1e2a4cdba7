using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Kafka.Broker;
using Millrace.Kafka.Broker.Basics;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Kafka;

/// <summary>An embedded broker that no queue table reads from: a group without members is one that a test may commit for.</summary>
public sealed class QuietBroker : IAsyncLifetime
{
    readonly TemporaryDirectory _directory = new();
    BrokerHost? _broker;

    public StandEndpoints Endpoints => new() { Kafka = $"{_broker!.EndPoint}", ClickHouse = new Uri("http://127.0.0.1:1") };

    public async Task InitializeAsync() =>
        _broker = await BrokerHost.StartAsync(
            new BrokerOptions { DataDirectory = _directory.Sub("broker"), Port = 0 }, NullLoggerFactory.Instance, CancellationToken.None);

    public async Task DisposeAsync()
    {
        await _broker!.DisposeAsync();
        _directory.Dispose();
    }
}
