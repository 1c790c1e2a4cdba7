using Microsoft.Extensions.Logging.Abstractions;
using Millrace.ClickHouse;
using Millrace.Streams.ClickHouse;
using Millrace.Testing;

namespace Millrace.Streams.Tests;

/// <summary>The one engine of this process: libchdb knows one path at a time, so every test here shares it, under table names of its own.</summary>
public sealed class EngineFixture : IAsyncLifetime
{
    readonly TemporaryDirectory _directory = new();
    ClickHouseHost? _host;

    public Uri Url => _host!.Url;

    public ClickHouseClient Client { get; private set; } = null!;

    /// <summary>Where ./millrace up puts the library.</summary>
    static string LibraryPath { get; } =
        Environment.GetEnvironmentVariable("MILLRACE_LIBCHDB")
        ?? Directory.GetFiles(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache/millrace/libchdb"), "libchdb.so", SearchOption.AllDirectories).Order().Last();

    public async Task InitializeAsync()
    {
        var options = new ClickHouseOptions { DataDirectory = _directory.Sub("clickhouse"), LibraryPath = LibraryPath, Port = 0 };
        _host = await ClickHouseHost.StartAsync(options, NullLoggerFactory.Instance, CancellationToken.None);
        Client = new ClickHouseClient(new StandEndpoints { Kafka = "127.0.0.1:1", ClickHouse = _host.Url });
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await _host!.DisposeAsync();
        _directory.Dispose();
    }
}

[CollectionDefinition(Name)]
public sealed class EngineCollection : ICollectionFixture<EngineFixture>
{
    public const string Name = "engine";
}
