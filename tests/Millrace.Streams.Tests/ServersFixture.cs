using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.ClickHouse;
using Millrace.ClickHouse.Options;
using Millrace.Kafka.Broker;
using Millrace.Kafka.Broker.Basics;
using Millrace.Streams.ClickHouse;
using Millrace.Testing;

namespace Millrace.Streams.Tests;

/// <summary>
/// One embedded broker and one engine for all tests of this process (libchdb knows one path at a time); each test takes a database
/// and topics of its own.
/// </summary>
public sealed class ServersFixture : IAsyncLifetime
{
    /// <summary>Of user default. Not in ASCII, as a password may be.</summary>
    const string Password = "sécret 🔑";

    readonly TemporaryDirectory _directory = new();
    BrokerHost? _broker;
    ClickHouseHost? _clickHouse;
    readonly ConcurrentQueue<string> _ofTest = new();
    int _databases;

    /// <summary>Where ./millrace up puts the library.</summary>
    static string LibraryPath { get; } =
        Environment.GetEnvironmentVariable("MILLRACE_LIBCHDB")
        ?? Directory.GetFiles(
            Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache/millrace/libchdb"),
            "libchdb.so", SearchOption.AllDirectories).Order().Last();

    StandEndpoints Endpoints =>
        new() { Kafka = $"{_broker!.EndPoint}", ClickHouse = _clickHouse!.Url, ClickHousePassword = Password };

    /// <summary>
    /// The servers with a database that did not exist before, for the default stand with a group of its own: all tests share the broker.
    /// </summary>
    public async Task<StandEndpoints> NewDatabaseAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _databases)}");
        using var client = new ClickHouseClient(Endpoints);
        await client.ExecuteAsync($"CREATE DATABASE {name}");
        _ofTest.Enqueue(name);
        return Endpoints with { Database = name, Identity = StandIdentity.Default with { Group = $"group_of_{name}" } };
    }

    /// <summary>Drops what <see cref="NewDatabaseAsync"/> made since the last call.</summary>
    public async Task DropDatabasesAsync()
    {
        using var client = new ClickHouseClient(Endpoints);
        while (_ofTest.TryDequeue(out var name)) await client.ExecuteAsync($"DROP DATABASE IF EXISTS {name}");
    }

    public async Task InitializeAsync()
    {
        var brokerOptions = new BrokerOptions { DataDirectory = _directory.Sub("broker"), Port = 0 };
        _broker = await BrokerHost.StartAsync(brokerOptions, NullLoggerFactory.Instance, CancellationToken.None);
        var options = new ClickHouseOptions { DataDirectory = _directory.Sub("clickhouse"), LibraryPath = LibraryPath, Port = 0, Password = Password };
        _clickHouse = await ClickHouseHost.StartAsync(options, NullLoggerFactory.Instance, CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _clickHouse!.DisposeAsync();
        await _broker!.DisposeAsync();
        _directory.Dispose();
    }
}

[CollectionDefinition(Name)]
public sealed class ServersCollection : ICollectionFixture<ServersFixture>
{
    public const string Name = "servers";
}
