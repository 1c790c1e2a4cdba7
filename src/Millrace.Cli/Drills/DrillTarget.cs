using Millrace.Cli.Basics;
using Millrace.Cli.Documents;
using Millrace.Cli.Supervision;
using Millrace.Streams;
using Millrace.Streams.Events;

namespace Millrace.Cli.Drills;

/// <summary>What a strike may lay hands on. Immutable.</summary>
/// <param name="Stand">As it is just before the strike.</param>
/// <param name="Load">How fast the drill produces, and what.</param>
sealed record DrillTarget(StandPaths Paths, StandState Stand, StandEndpoints Endpoints, EmitterRate Load)
{
    /// <exception cref="CliException">The supervisor refuses.</exception>
    public Task AskAsync(ControlRequest request, CancellationToken cancellation) =>
        ControlClient.AskAsync(Paths, Stand, request, static _ => { }, cancellation);

    /// <summary>
    /// Does something to the broker for a while and returns when that is over, which the broker sees to. Stopped before, it takes it back.
    /// </summary>
    /// <exception cref="CliException">The supervisor refuses.</exception>
    public async Task HoldAsync(BrokerOrder order, CancellationToken cancellation)
    {
        try
        {
            await AskAsync(ControlRequest.Of(order), cancellation);
            await Task.Delay(order.Length, cancellation);
        }
        catch (OperationCanceledException)
        {
            await EndAsync(order);
            throw;
        }
    }

    async Task EndAsync(BrokerOrder order)
    {
        try
        {
            await AskAsync(ControlRequest.Of(order with { Length = TimeSpan.Zero }), CancellationToken.None);
        }
        catch (CliException)
        {
            // The broker is another process by now, or gone: what was done to it is over.
        }
    }
}
