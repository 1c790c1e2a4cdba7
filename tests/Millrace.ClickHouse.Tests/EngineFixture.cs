using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Testing;

namespace Millrace.ClickHouse.Tests;

/// <summary>The one host of this process: libchdb knows one path at a time, so every test here shares it, under table names of its own.</summary>
public sealed class EngineFixture : IAsyncLifetime
{
    readonly TemporaryDirectory _directory = new();
    ClickHouseHost? _host;

    /// <summary>Where ./millrace up puts the library.</summary>
    public static string LibraryPath { get; } =
        Environment.GetEnvironmentVariable("MILLRACE_LIBCHDB")
        ?? Directory.GetFiles(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache/millrace/libchdb"), "libchdb.so", SearchOption.AllDirectories).Order().Last();

    public ClickHouseHost Host => _host!;

    public HttpClient Http { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var options = new ClickHouseOptions { DataDirectory = _directory.Sub("clickhouse"), LibraryPath = LibraryPath, Port = 0 };
        _host = await ClickHouseHost.StartAsync(options, NullLoggerFactory.Instance, CancellationToken.None);
        Http = new HttpClient { BaseAddress = _host.Url };
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        await _host!.DisposeAsync();
        _directory.Dispose();
    }
}

[CollectionDefinition(Name)]
public sealed class EngineCollection : ICollectionFixture<EngineFixture>
{
    public const string Name = "engine";
}
