using Millrace.Testing;

namespace Millrace.Streams.Tests.Kafka;

/// <summary>Apache Kafka, for tests that run on it and on a <see cref="QuietBroker"/>. Not there where it can't be run.</summary>
public sealed class OriginalBroker : IAsyncLifetime
{
    /// <summary>Collection of the classes that start an Apache Kafka: one after the other, because two cores do not carry several.</summary>
    public const string OneAtATime = "Apache Kafka";

    ApacheKafkaServer? _server;

    public StandEndpoints Endpoints => new() { Kafka = _server!.Bootstrap, ClickHouse = new Uri("http://127.0.0.1:1") };

    public async Task InitializeAsync()
    {
        if (Prerequisites.Missing(Prerequisite.ApacheKafka) is null) _server = await ApacheKafkaServer.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }
}
