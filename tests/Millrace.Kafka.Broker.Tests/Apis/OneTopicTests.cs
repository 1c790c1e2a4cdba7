using Millrace.Kafka.Broker.Tests.Network;
using Millrace.Kafka.Protocol;

namespace Millrace.Kafka.Broker.Tests.Apis;

/// <summary>A broker with a topic t, and a client of it, for each test.</summary>
public abstract class OneTopicTests : IAsyncLifetime
{
    private protected TestBroker Broker { get; private set; } = null!;

    private protected RawConnection Client { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Broker = await TestBroker.StartAsync();
        Client = await Broker.ConnectAsync();
        await Client.AskAsync(ApiKey.Metadata, Requests.MetadataVersion, Requests.Metadata("t"));
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await Broker.DisposeAsync();
    }
}
