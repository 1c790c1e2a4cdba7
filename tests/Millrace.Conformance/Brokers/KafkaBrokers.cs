using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Kafka.Broker;
using Millrace.Kafka.Broker.Basics;
using Millrace.Testing;

namespace Millrace.Conformance.Brokers;

/// <summary>
/// One broker of each kind for all tests, started when first asked for. Tests keep apart by the names of their topics and groups.
/// </summary>
/// <remarks>Tests run one by one: two cores carry a broker and its clients at once, not two.</remarks>
public sealed class KafkaBrokers : IAsyncLifetime
{
    readonly TemporaryDirectory _directory = new();
    readonly Lazy<Task<BrokerHost>> _embedded;
    readonly Lazy<Task<ApacheKafkaServer>> _apacheKafka = new(() => ApacheKafkaServer.StartAsync());

    public KafkaBrokers()
    {
        var options = new BrokerOptions { DataDirectory = _directory.Path, Port = 0 };
        _embedded = new(() => BrokerHost.StartAsync(options, NullLoggerFactory.Instance, CancellationToken.None));
    }

    /// <summary>host:port.</summary>
    public async Task<string> BootstrapAsync(BrokerKind kind) => kind == BrokerKind.Embedded
        ? $"127.0.0.1:{(await _embedded.Value).EndPoint.Port}"
        : (await _apacheKafka.Value).Bootstrap;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_embedded.IsValueCreated) await (await _embedded.Value).DisposeAsync();
        if (_apacheKafka.IsValueCreated) await (await _apacheKafka.Value).DisposeAsync();
        _directory.Dispose();
    }
}

[CollectionDefinition(nameof(KafkaBrokers))]
public sealed class KafkaBrokersDefinition : ICollectionFixture<KafkaBrokers>;
