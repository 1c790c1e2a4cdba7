using System.Net;
using System.Text.Json.Serialization;
using Millrace.Cli.Basics;
using Millrace.Cli.Endpoints;
using Millrace.ClickHouse;
using Millrace.ClickHouse.Confining;
using Millrace.ClickHouse.Options;

namespace Millrace.Cli.Roles;

/// <summary>What ClickHouse's process is to do. Immutable.</summary>
/// <param name="Data">Full path of the stand's data directory.</param>
/// <param name="Port">Of its HTTP interface; 0 takes any free one.</param>
sealed record ClickHouseJob(string Data, [property: JsonConverter(typeof(AddressConverter))] IPAddress Listen, int Port)
{
    /// <summary>Tried one after the other where <paramref name="Port"/> is taken.</summary>
    public IReadOnlyList<int> OtherPorts { get; init; } = [];

    /// <summary>Of the broker that its queue tables read; null for any.</summary>
    public int? KafkaPort { get; init; }

    /// <summary>Full paths of what <c>file()</c> may read and write beside the host's own.</summary>
    public IReadOnlyList<string> AllowedFolders { get; init; } = [];

    /// <summary>How many tables will read Kafka: each wants a thread.</summary>
    public int QueueTables { get; init; }

    /// <summary>What the process may open, by the kernel's word.</summary>
    /// <param name="library">Full path of libchdb.so.</param>
    public Confinement ConfinementWith(string library) =>
        new(StandPaths.ClickHouseIn(Data), library, Port, KafkaPort, AllowedFolders) { OtherPorts = OtherPorts };
}

/// <inheritdoc cref="BrokerJobJson"/>
[JsonSerializable(typeof(ClickHouseJob))]
sealed partial class ClickHouseJobJson : JsonSerializerContext;

/// <summary><c>millrace run clickhouse</c>: the ClickHouse engine behind its HTTP interface, as a process.</summary>
static class ClickHouseRole
{
    /// <summary>Environment variable with the full path of libchdb.so; the launcher sets it.</summary>
    const string LibraryVariable = "MILLRACE_LIBCHDB";

    /// <summary>Full path of libchdb.so; null where nobody says so.</summary>
    public static string? Library => StandPaths.Variable(LibraryVariable) is { } path ? Path.GetFullPath(path) : null;

    public static async Task RunAsync(ClickHouseJob job, RoleLifetime lifetime)
    {
        var library = Library ?? throw new CliException(
            ExitCodes.CannotStart,
            $"{LibraryVariable} does not say where libchdb.so is: start with the launcher ./millrace, which fetches it.");
        // A supervisor starts it confined already.
        job.ConfinementWith(library).BeginAnew();
        using var loggers = RoleLoggerProvider.CreateFactory();
        using var meters = RoleMeters.Start();
        var options = new ClickHouseOptions
        {
            DataDirectory = StandPaths.ClickHouseIn(job.Data),
            LibraryPath = library,
            ListenAddress = job.Listen,
            Port = job.Port,
            OtherPorts = job.OtherPorts,
            Password = ClickHousePassword.Default,
            KafkaTables = job.QueueTables,
            FileFolders = Confinement.IsInForce ? job.AllowedFolders : null,
        };
        await using var host = await ClickHouseHost.StartAsync(options, loggers, lifetime.Stopping);
        var port = host.Url.Port;
        RoleOutput.TellWhatIsOpen(loggers, Exposure.Sentence(job.Listen, [WhatIsOpen(job.Listen, port, ClickHousePassword.IsSet)]));
        RoleOutput.Ready(port, string.Join(", ", Exposure.EndPoints(job.Listen, port).Select(endPoint => $"http://{endPoint}/")));
        await lifetime.UntilStoppedAsync();
    }

    /// <summary>What it lets whoever reaches it do, in one clause.</summary>
    /// <param name="hasPassword">It asks for one.</param>
    public static string WhatIsOpen(IPAddress listen, int port, bool hasPassword)
    {
        var rule = hasPassword
            ? "asks for its password, which travels unencrypted"
            : "has no password, so whoever reaches it can read and change every table";
        return $"ClickHouse at {Exposure.Addresses(listen, port)} {rule}";
    }
}
