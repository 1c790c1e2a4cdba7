using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using Millrace.Cli.Basics;
using Millrace.Cli.Documents;
using Millrace.Cli.Endpoints;
using Millrace.Streams;
using Millrace.Streams.Definition;
using Millrace.Streams.Events;
using Millrace.Streams.Kafka;

namespace Millrace.Cli.Roles;

/// <summary>What the emitter's process is to do. Immutable.</summary>
/// <param name="Streams">Full path of the folder with the stream definitions.</param>
sealed record EmitterJob(EmitterOptions Options, UnresolvedEndpoints Endpoints, string Streams)
{
    /// <summary>When the profile of its rate began; null: with this process.</summary>
    public DateTimeOffset? ProfileBegan { get; init; }
}

/// <inheritdoc cref="BrokerJobJson"/>
[JsonSerializable(typeof(EmitterJob))]
sealed partial class EmitterJobJson : JsonSerializerContext;

/// <summary>
/// <c>millrace run emitter</c>: makes events and produces them, and says each second how it went. It also looks after new partitions of the
/// topics: it is the one client that runs wherever the stand does, in compose too.
/// </summary>
static partial class EmitterRole
{
    /// <summary>
    /// Environment variable with the path of a file that is touched each second in which Kafka takes events: a container's health check
    /// looks at its age.
    /// </summary>
    const string AliveVariable = "MILLRACE_ALIVE_FILE";

    /// <param name="profileBegan">See <see cref="EmitterJob.ProfileBegan"/>.</param>
    public static async Task RunAsync(
        EmitterOptions options, StandEndpoints endpoints, string streams, DateTimeOffset? profileBegan, RoleLifetime lifetime)
    {
        using var loggers = RoleLoggerProvider.CreateFactory();
        using var meters = RoleMeters.Start();
        var log = loggers.CreateLogger<Emitter>();
        var catalog = StreamCatalog.Load(streams);
        var aliveFile = StandPaths.Variable(AliveVariable);
        var rate = new EmitterRate(options, AgeOf(profileBegan));
        lifetime.OnOrder = line => Follow(EmitterOrder.Parse(line), rate);
        RoleOutput.Ready(definitions: catalog.Fingerprint);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(lifetime.Stopping);
        string[] topics = [.. catalog.Streams.Select(stream => stream.Topic)];
        var hasWork = Emitter.HasWork(catalog);
        // A container that ends is started again: one stays, and looks after new partitions.
        var stays = hasWork || (aliveFile is not null && !RoleLifetime.IsSupervised);
        if (!hasWork) TellNothingToEmit(log, isDone: !stays);
        if (!stays) return;
        var watch = PartitionWatch.RunAsync(endpoints, topics, log, TimeProvider.System, ended.Token);
        try
        {
            void EachSecond(EmitterReport report) => Tell(log, report, aliveFile);
            if (hasWork)
                await Emitter.RunAsync(
                    options, rate, endpoints, catalog, acknowledged: null, EachSecond, log, TimeProvider.System, lifetime.Stopping);
            else
                await StayAliveAsync(aliveFile!, lifetime.Stopping);
        }
        finally
        {
            // librdkafka does not survive being destroyed while it is asked.
            await ended.CancelAsync();
            await watch;
        }
    }

    /// <summary>A clock that was set back meanwhile lets it begin anew.</summary>
    static TimeSpan AgeOf(DateTimeOffset? profileBegan) =>
        profileBegan is { } began && TimeProvider.System.GetUtcNow() - began is { Ticks: > 0 } age ? age : TimeSpan.Zero;

    static void Follow(EmitterOrder? order, EmitterRate rate)
    {
        if (order?.EventsPerSecond is { } perSecond) rate.PerSecond = perSecond;
        if (order?.Shares is { } shares) rate.Shares = shares;
    }

    static void TellNothingToEmit(ILogger log, bool isDone)
    {
        const string why = "nothing to emit: no stream has generators and a weight above 0";
        Reported(log, why);
        if (isDone) RoleOutput.Write(new RoleEvent(RoleEvent.Done) { Reason = why });
    }

    static async Task StayAliveAsync(string aliveFile, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            Touch(aliveFile);
            await Task.Delay(TimeSpan.FromSeconds(1), stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    static void Tell(ILogger log, EmitterReport report, string? aliveFile)
    {
        // A profile may rest: then nothing is on its way to Kafka.
        var rests = report is { RateProfile: not null, IsWaiting: false, InFlight: 0 };
        if (aliveFile is not null && (report.AcknowledgedPerSecond > 0 || rests)) Touch(aliveFile);
        RoleOutput.Write(new RoleEvent(RoleEvent.Emitted) { Emitter = EmitterSummary.Of(report) });
        var line = string.Create(CultureInfo.InvariantCulture,
            $"{report.GeneratedPerSecond:N0}/s made, {report.AcknowledgedPerSecond:N0}/s acknowledged, "
            + $"{report.InFlight:N0} in flight, {report.Failed:N0} failed");
        if (report.Malformed > 0) line += string.Create(CultureInfo.InvariantCulture, $", {report.Malformed:N0} malformed");
        if (report is { Failed: > 0, LastError: { } why }) line += $", the last because: {why}";
        if (report.IsWaiting) line += "; waiting for Kafka";
        if (report.IsFinal) line += $"; stopped after {report.Acknowledged:N0} acknowledged events";
        Reported(log, line);
    }

    static void Touch(string aliveFile)
    {
        try { File.WriteAllText(aliveFile, ""); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk: the health check finds it old, the events flow on.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Line}")]
    static partial void Reported(ILogger log, string line);
}
