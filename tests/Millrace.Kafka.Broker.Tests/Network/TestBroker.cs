using Millrace.Kafka.Broker.Basics;
using Millrace.Kafka.Broker.Log;
using Millrace.Kafka.Broker.Storage;
using Millrace.Testing;

namespace Millrace.Kafka.Broker.Tests.Network;

/// <summary>A broker on a free port with a directory of its own, for one test.</summary>
sealed class TestBroker : IAsyncDisposable
{
    readonly TemporaryDirectory _directory = new();
    readonly TimeProvider _clock;
    readonly IFileSystem _files;

    TestBroker(Func<BrokerOptions, BrokerOptions> configure, TimeProvider clock, IFileSystem files)
    {
        Options = configure(new() { DataDirectory = _directory.Sub("data"), Port = 0 });
        (_clock, _files) = (clock, files);
    }

    public BrokerOptions Options { get; }

    public CollectingLogger Log { get; } = new();

    public BrokerHost Host { get; private set; } = null!;

    public static async Task<TestBroker> StartAsync(
        Func<BrokerOptions, BrokerOptions>? configure = null, TimeProvider? clock = null, IFileSystem? files = null)
    {
        var broker = new TestBroker(configure ?? (options => options), clock ?? TimeProvider.System, files ?? new PhysicalFileSystem());
        await broker.StartHostAsync();
        return broker;
    }

    /// <summary>For a broker whose files are in memory: the lock is a file of the operating system all the same.</summary>
    public static BrokerOptions WithDirectory(BrokerOptions options)
    {
        Directory.CreateDirectory(options.DataDirectory);
        return options;
    }

    public async Task RestartAsync()
    {
        await Host.DisposeAsync();
        await StartHostAsync();
    }

    public async Task<RawConnection> ConnectAsync() => await RawConnection.OpenAsync(Host.EndPoint);

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        _directory.Dispose();
    }

    async Task StartHostAsync() => Host = await BrokerHost.StartAsync(Options, Log, _clock, _files, CancellationToken.None);
}
