using System.Globalization;
using Millrace.Cli.Basics;
using Millrace.Cli.Documents;
using Millrace.Cli.Storage;
using Millrace.Cli.Supervision;
using Millrace.Streams.Events;

namespace Millrace.Cli.Drills;

/// <summary>What a drill does to a stand, once or several times. Immutable.</summary>
/// <param name="Name">As the user gives it: <c>kill clickhouse</c>.</param>
/// <param name="Text">What one strike does, in a few words.</param>
/// <param name="Service">Which service it is done to; empty for none.</param>
abstract record Strike(string Name, string Text, string Service)
{
    /// <summary>Returns once it has struck, and is over where it lasts a while.</summary>
    /// <param name="load">How fast the drill produces.</param>
    /// <exception cref="CliException">The supervisor refuses.</exception>
    public abstract Task StrikeAsync(StandPaths paths, StandState stand, EmitterRate load, CancellationToken cancellation);

    /// <summary>Whether the service is another process afterwards.</summary>
    public virtual bool Replaces => false;

    /// <summary>Whether it is something that lasts: how long the stand takes to be well counts from its end.</summary>
    public virtual bool Lasts => !Replaces;

    protected static Task AskAsync(StandPaths paths, StandState stand, ControlRequest request, CancellationToken cancellation) =>
        ControlClient.AskAsync(paths, stand, request, static _ => { }, cancellation);
}

sealed record KillStrike(string Service) : Strike($"kill {Service}", $"kill -9 {Service}", Service)
{
    public override bool Replaces => true;

    public override Task StrikeAsync(StandPaths paths, StandState stand, EmitterRate load, CancellationToken cancellation) =>
        AskAsync(paths, stand, new ControlRequest(ControlRequest.Kill, Service), cancellation);
}

sealed record RestartStrike(string Service) : Strike($"restart {Service}", $"restart {Service} in order", Service)
{
    public override bool Replaces => true;

    public override Task StrikeAsync(StandPaths paths, StandState stand, EmitterRate load, CancellationToken cancellation) =>
        AskAsync(paths, stand, new ControlRequest(ControlRequest.Restart, Service), cancellation);
}

/// <summary>
/// The process lives and does nothing. A supervisor that finds it hung in the meantime kills it, which is as it should be.
/// </summary>
sealed record PauseStrike(string Service, TimeSpan Length)
    : Strike($"pause {Service}", $"stop {Service} where it stands for {Humanize.Duration(Length)} (SIGSTOP)", Service)
{
    public override async Task StrikeAsync(StandPaths paths, StandState stand, EmitterRate load, CancellationToken cancellation)
    {
        if (stand.Services.FirstOrDefault(service => service.Name == Service)?.Process is not { IsAlive: true } process)
            throw new CliException(ExitCodes.Failed, $"{Service} has no process that could be paused now: see  {Self.Command} ps");
        try
        {
            Libc.Freeze(process.Pid, frozen: true);
            await Task.Delay(Length, cancellation);
        }
        finally
        {
            if (process.IsAlive) Libc.Freeze(process.Pid, frozen: false);
        }
    }
}

/// <summary>Many more events for a while.</summary>
sealed record BurstStrike(int EventsPerSecond, TimeSpan Length)
    : Strike("burst", $"{Humanize.Count(EventsPerSecond)} events a second for {Humanize.Duration(Length)}", "")
{
    public override async Task StrikeAsync(StandPaths paths, StandState stand, EmitterRate load, CancellationToken cancellation)
    {
        var before = load.PerSecond;
        try
        {
            load.PerSecond = EventsPerSecond;
            await Task.Delay(Length, cancellation);
        }
        finally
        {
            load.PerSecond = before;
        }
    }
}

/// <summary>A share of the drill's events must become dead letters.</summary>
sealed record PoisonStrike(double Share, TimeSpan Length)
    : Strike("poison", string.Create(CultureInfo.InvariantCulture, $"{Share:0.###%} malformed events for {Humanize.Duration(Length)}"), "")
{
    public override async Task StrikeAsync(StandPaths paths, StandState stand, EmitterRate load, CancellationToken cancellation)
    {
        try
        {
            load.Shares = EventShares.None with { Malformed = Share };
            await Task.Delay(Length, cancellation);
        }
        finally
        {
            load.Shares = EventShares.None;
        }
    }
}
