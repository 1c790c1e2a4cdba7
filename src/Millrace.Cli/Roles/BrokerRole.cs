using System.Net;
using System.Text.Json.Serialization;
using Millrace.Cli.Basics;
using Millrace.Cli.Documents;
using Millrace.Cli.Endpoints;
using Millrace.Kafka.Broker;
using Millrace.Kafka.Broker.Basics;

namespace Millrace.Cli.Roles;

/// <summary>What the broker's process is to do. Immutable.</summary>
/// <param name="Data">Full path of the stand's data directory.</param>
/// <param name="Port">0 takes any free one.</param>
sealed record BrokerJob(string Data, [property: JsonConverter(typeof(AddressConverter))] IPAddress Listen, int Port)
{
    /// <summary>Tried one after the other where <paramref name="Port"/> is taken.</summary>
    public IReadOnlyList<int> OtherPorts { get; init; } = [];

    /// <summary>Over those of a stand, each <c>name=value</c> in Kafka's names.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];
}

/// <summary>
/// How the job goes from the supervisor to the process. Made at compile time: reflection would cost each start tens of milliseconds.
/// </summary>
[JsonSerializable(typeof(BrokerJob))]
sealed partial class BrokerJobJson : JsonSerializerContext;

/// <summary><c>millrace run broker</c>: the embedded broker as a process.</summary>
static class BrokerRole
{
    public static async Task RunAsync(BrokerJob job, RoleLifetime lifetime)
    {
        using var loggers = RoleLoggerProvider.CreateFactory();
        using var meters = RoleMeters.Start();
        var stand = new BrokerOptions
        {
            DataDirectory = StandPaths.BrokerIn(job.Data),
            ListenAddress = job.Listen,
            Port = job.Port,
            OtherPorts = job.OtherPorts,
            // Setup makes the stand's topics: any other is a misspelt name, as in the compose file.
            AutoCreateTopics = false,
        };
        var options = BrokerSetting.Apply(stand, job.Settings);
        await using var broker = await BrokerHost.StartAsync(options, loggers, lifetime.Stopping);
        lifetime.OnOrder = line => Follow(BrokerOrder.Parse(line), broker);
        var port = broker.EndPoint.Port;
        RoleOutput.TellWhatIsOpen(loggers, Exposure.Sentence(job.Listen, [WhatIsOpen(job.Listen, port)]));
        RoleOutput.Ready(port, Exposure.Addresses(job.Listen, port));
        await lifetime.UntilStoppedAsync();
    }

    static void Follow(BrokerOrder? order, BrokerHost broker)
    {
        if (order?.CutsOff is { } clients) broker.CutOff(clients, order.Length);
        if (order is { FillsDisk: true }) broker.FillDisk(order.Length);
    }

    /// <summary>What it lets whoever reaches it do, in one clause.</summary>
    public static string WhatIsOpen(IPAddress listen, int port) =>
        $"Kafka at {Exposure.Addresses(listen, port)} has no password, so whoever reaches it can read and write every topic";
}
