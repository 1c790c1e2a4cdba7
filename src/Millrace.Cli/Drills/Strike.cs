using System.Globalization;
using Millrace.Cli.Basics;
using Millrace.Cli.Documents;
using Millrace.Cli.Storage;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Events;
using Millrace.Streams.Kafka;

namespace Millrace.Cli.Drills;

/// <summary>What a drill does to a stand, once or several times. Immutable.</summary>
/// <param name="Name">As the user gives it: <c>kill clickhouse</c>.</param>
/// <param name="Text">What one strike does, in a few words.</param>
/// <param name="Service">Which service it is done to; empty for none.</param>
abstract record Strike(string Name, string Text, string Service)
{
    /// <summary>Returns once it has struck, and is over where it lasts a while.</summary>
    /// <exception cref="CliException">The supervisor refuses.</exception>
    public abstract Task StrikeAsync(DrillTarget target, CancellationToken cancellation);

    /// <summary>Why it can't be done to this stand, in a sentence; null where it can.</summary>
    public virtual string? Refusal(StandState stand) => Service == "" || stand.Services.Any(service => service.Name == Service)
        ? null
        : $"drill {Name} can't be done: this stand has no {Service} of its own.";

    /// <summary>Whether the service is another process afterwards.</summary>
    public virtual bool Replaces => false;

    /// <summary>Whether it is something that lasts: how long the stand takes to be well counts from its end.</summary>
    public virtual bool Lasts => !Replaces;

    /// <summary>Does something for a while, and takes it back however the while ends.</summary>
    protected static async Task LastAsync(TimeSpan length, Action begin, Action end, CancellationToken cancellation)
    {
        try
        {
            begin();
            await Task.Delay(length, cancellation);
        }
        finally
        {
            end();
        }
    }

    /// <summary>For what only a broker of ours can be told.</summary>
    protected string? WithoutBroker(StandState stand) => stand.Services.Any(service => service.Name == ServiceNames.Broker)
        ? null
        : $"drill {Name} is done by the stand's own broker, and Kafka at {stand.Kafka} is not its own.";
}

sealed record KillStrike(string Service) : Strike($"kill {Service}", $"kill -9 {Service}", Service)
{
    public override bool Replaces => true;

    public override Task StrikeAsync(DrillTarget target, CancellationToken cancellation) =>
        target.AskAsync(new ControlRequest(ControlRequest.Kill, Service), cancellation);
}

sealed record RestartStrike(string Service) : Strike($"restart {Service}", $"restart {Service} in order", Service)
{
    public override bool Replaces => true;

    public override Task StrikeAsync(DrillTarget target, CancellationToken cancellation) =>
        target.AskAsync(new ControlRequest(ControlRequest.Restart, Service), cancellation);
}

/// <summary>
/// The process lives and does nothing. A supervisor that finds it hung in the meantime kills it, which is as it should be.
/// </summary>
sealed record PauseStrike(string Service, TimeSpan Length)
    : Strike($"pause {Service}", $"stop {Service} where it stands for {Humanize.Duration(Length)} (SIGSTOP)", Service)
{
    public override async Task StrikeAsync(DrillTarget target, CancellationToken cancellation)
    {
        if (target.Stand.Services.FirstOrDefault(service => service.Name == Service)?.Process is not { IsAlive: true } process)
            throw new CliException(ExitCodes.Failed, $"{Service} has no process that could be paused now: see  {Self.Command} ps");
        await LastAsync(Length, () => Libc.Freeze(process.Pid, frozen: true), Thaw, cancellation);

        void Thaw()
        {
            if (process.IsAlive) Libc.Freeze(process.Pid, frozen: false);
        }
    }
}

/// <summary>Many more events for a while.</summary>
sealed record BurstStrike(int EventsPerSecond, TimeSpan Length)
    : Strike("burst", $"{Humanize.Count(EventsPerSecond)} events a second for {Humanize.Duration(Length)}", "")
{
    public override async Task StrikeAsync(DrillTarget target, CancellationToken cancellation)
    {
        var before = target.Load.PerSecond;
        await LastAsync(Length, () => target.Load.PerSecond = EventsPerSecond, () => target.Load.PerSecond = before, cancellation);
    }
}

/// <summary>A share of the drill's events must become dead letters.</summary>
sealed record PoisonStrike(double Share, TimeSpan Length)
    : Strike("poison", string.Create(CultureInfo.InvariantCulture, $"{Share:0.###%} malformed events for {Humanize.Duration(Length)}"), "")
{
    public override Task StrikeAsync(DrillTarget target, CancellationToken cancellation) => LastAsync(
        Length, () => target.Load.Shares = EventShares.None with { Malformed = Share }, () => target.Load.Shares = EventShares.None,
        cancellation);
}

/// <summary>The engine is cut off from the broker; all others, the drill's load and the stand's emitter among them, are not.</summary>
sealed record PartitionStrike(TimeSpan Length)
    : Strike("partition", $"cut the engine off from the broker for {Humanize.Duration(Length)}", "")
{
    public override string? Refusal(StandState stand) => WithoutBroker(stand);

    public override async Task StrikeAsync(DrillTarget target, CancellationToken cancellation)
    {
        using var client = new ClickHouseClient(target.Endpoints);
        var clients = await QueueClients.PrefixAsync(client, cancellation);
        await target.HoldAsync(new BrokerOrder(Length) { CutsOff = clients }, cancellation);
    }
}

/// <summary>
/// The broker's disk has no room: the broker itself refuses to write what would need some. Nothing of the user's disk is filled.
/// </summary>
sealed record DiskFullStrike(TimeSpan Length)
    : Strike("disk-full", $"leave no room on the broker's disk for {Humanize.Duration(Length)}", "")
{
    public override string? Refusal(StandState stand) => WithoutBroker(stand);

    public override Task StrikeAsync(DrillTarget target, CancellationToken cancellation) =>
        target.HoldAsync(new BrokerOrder(Length) { FillsDisk = true }, cancellation);
}

/// <summary>The drill's records are dated ahead and back, in disorder, as by many producers whose clocks are wrong.</summary>
sealed record ClockStrike(TimeSpan Length) : Strike(
    "clock",
    $"date records up to {EmitterRate.FurthestAhead.TotalMinutes:0} minutes ahead and {EmitterRate.FurthestBack.TotalHours:0} hours back "
    + $"for {Humanize.Duration(Length)}",
    "")
{
    public override Task StrikeAsync(DrillTarget target, CancellationToken cancellation) => LastAsync(
        Length, () => target.Load.HasWrongClocks = true, () => target.Load.HasWrongClocks = false, cancellation);
}
