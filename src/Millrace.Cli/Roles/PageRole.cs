using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Millrace.Cli.Basics;
using Millrace.Cli.Endpoints;
using Millrace.Cli.Storage;
using Millrace.Page;
using Millrace.Page.Stand;
using Millrace.Secrets;
using Millrace.Streams;
using Millrace.Streams.Definition;
using Millrace.Streams.Events;
using Millrace.Streams.Status;

namespace Millrace.Cli.Roles;

/// <summary>What the page's process is to do. Immutable.</summary>
/// <param name="Data">Full path of the stand's data directory.</param>
/// <param name="Port">0 takes any free one.</param>
/// <param name="Streams">Full path of the folder with the stream definitions.</param>
sealed record PageJob(string Data, [property: JsonConverter(typeof(AddressConverter))] IPAddress Listen, int Port, string Streams)
{
    /// <summary>null where a user gives them by hand, passwords included.</summary>
    public UnresolvedEndpoints? Endpoints { get; init; }

    /// <summary>It asks for no token, whoever reaches it.</summary>
    public bool IsInsecure { get; init; }

    /// <summary>Tried one after the other where <paramref name="Port"/> is taken.</summary>
    public IReadOnlyList<int> OtherPorts { get; init; } = [];
}

/// <inheritdoc cref="BrokerJobJson"/>
[JsonSerializable(typeof(PageJob))]
sealed partial class PageJobJson : JsonSerializerContext;

/// <summary><c>millrace run page</c>: the web page of the stand, as a process.</summary>
static class PageRole
{
    /// <summary>Environment variable with the token of a page that the network reaches; a new one each time unless set.</summary>
    const string TokenVariable = "MILLRACE_PAGE_TOKEN";

    const int TokenBytes = 16;

    /// <param name="feed">Fills the hub until it is told to stop; null: this process looks at the servers itself.</param>
    /// <param name="supervisor">null for a stand without a supervisor.</param>
    public static async Task RunAsync(
        PageJob job, StandEndpoints endpoints, Func<StatusHub, CancellationToken, Task>? feed, ISupervisor? supervisor,
        RoleLifetime lifetime)
    {
        using var loggers = RoleLoggerProvider.CreateFactory();
        var token = IPAddress.IsLoopback(job.Listen) || job.IsInsecure ? Secret.None : TokenOf(new StandPaths(job.Data, job.Streams));
        var options = new PageOptions(endpoints, job.Streams)
        {
            Listen = job.Listen,
            Port = job.Port,
            OtherPorts = job.OtherPorts,
            Token = token,
            Command = Self.Command,
        };
        var hub = new StatusHub();
        feed ??= (own, stopping) => new StatusFeed(own, new ServersAlone(endpoints, job.Streams), TimeProvider.System).RunAsync(stopping);
        var fed = feed(hub, lifetime.Stopping);
        await using (var host = await PageHost.StartAsync(options, hub, supervisor, loggers, lifetime.Stopping))
        {
            var links = string.Join(", ", Exposure.EndPoints(job.Listen, host.Url.Port).Select(endPoint => LinkTo(endPoint, token)));
            var port = host.Url.Port;
            RoleOutput.TellWhatIsOpen(loggers, Exposure.Sentence(job.Listen, [WhatIsOpen(job.Listen, port, job.IsInsecure)]));
            RoleOutput.Ready(port, links);
            if (!RoleLifetime.IsSupervised) Console.WriteLine($"page: {links}");
            await lifetime.UntilStoppedAsync();
        }
        hub.End();
        await fed;
    }

    /// <summary>The one line about its being open to the network.</summary>
    /// <param name="isInsecure">It asks for no token.</param>
    public static string WhatIsOpen(IPAddress listen, int port, bool isInsecure = false)
    {
        var rule = isInsecure
            ? "asks for no token, so whoever reaches it can read every table and topic, and send a broken record"
            : "asks for the token in its link, which travels unencrypted";
        return $"the page at {Exposure.Addresses(listen, port)} {rule}";
    }

    static string LinkTo(IPEndPoint endPoint, Secret token) =>
        token.IsEmpty ? $"http://{endPoint}/" : $"http://{endPoint}/?token={Uri.EscapeDataString(token.Reveal())}";

    /// <summary>The same after a restart of the page: who has it open goes on.</summary>
    static Secret TokenOf(StandPaths paths)
    {
        if (Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } given) return given;
        var made = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes));
        if (!RoleLifetime.IsSupervised) return made;
        if (PrivateFile.Read(paths.PageToken) is { Length: > 0 } kept) return System.Text.Encoding.ASCII.GetString(kept);
        PrivateFile.Replace(paths.PageToken, System.Text.Encoding.ASCII.GetBytes(made));
        return made;
    }

    /// <summary>Servers that no supervisor of ours keeps up: nothing is known of their processes.</summary>
    sealed class ServersAlone(StandEndpoints endpoints, string streams) : IStandFacts
    {
        public object? Definitions { get; } = streams;

        public IReadOnlyList<ServiceFacts> Services => [];

        public EmitterSummary? Emitter => null;

        public StandStatusReader Open() => new(endpoints, StreamCatalog.Load(streams), TimeProvider.System);
    }
}
