using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Page.Http;
using Millrace.Page.Stand;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;
using Millrace.Streams.Events;
using Millrace.Streams.Setup;

namespace Millrace.Page.Apis;

/// <summary>
/// <c>/api/actions</c>: what the page can make a service do. What is done to a stream is asked of the servers; all else needs a supervisor
/// of ours (409 without one). 404: no such service or stream; 409: it could not be done, with the reason.
/// </summary>
sealed class ActionsApi : IPageApi
{
    /// <summary>For what is done to a stream: seconds, unless a setup comes in between.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public void Map(IEndpointRouteBuilder routes, PageStand stand)
    {
        routes.MapPost("/api/actions/restart", context => OnServiceAsync(context, stand, static supervisor => supervisor.RestartAsync));
        routes.MapPost("/api/actions/kill", context => OnServiceAsync(context, stand, static supervisor => supervisor.KillAsync));
        routes.MapPost("/api/actions/rate", context => RateAsync(context, stand));
        routes.MapPost("/api/actions/broken-record", context => BrokenRecordAsync(context, stand));
        routes.MapPost("/api/actions/pause", context => OnStreamAsync(context, stand, PauseAsync));
        routes.MapPost("/api/actions/resume", context => OnStreamAsync(context, stand, ResumeAsync));
    }

    static Task PauseAsync(PageStand stand, StreamDefinition stream) =>
        StreamPause.PauseAsync(stand.Endpoints, stream, TimeProvider.System, stand.Stopping);

    static Task ResumeAsync(PageStand stand, StreamDefinition stream) =>
        StreamResume.RunAsync(stand.Endpoints, stand.Catalog, stream, stand.Log, TimeProvider.System, stand.Stopping);

    static async Task OnServiceAsync(
        HttpContext context, PageStand stand, Func<ISupervisor, Func<string, CancellationToken, Task<string?>>> action)
    {
        var supervisor = SupervisorOf(stand);
        var asked = await Answer.ReadAsync<ServiceAsked>(context).ConfigureAwait(false);
        if (string.IsNullOrEmpty(asked.Service))
            throw new RefusedException(StatusCodes.Status400BadRequest, $"{context.Request.Path} takes the name of a service.");
        // What the supervisor last said: without a word of it, it finds out itself.
        if (stand.Hub.Last is { Services: { Count: > 0 } services } && services.All(service => service.Name != asked.Service))
            throw new RefusedException(StatusCodes.Status404NotFound, $"No service is called {asked.Service}.");
        await DoneAsync(context, await action(supervisor)(asked.Service, stand.Stopping).ConfigureAwait(false)).ConfigureAwait(false);
    }

    static async Task RateAsync(HttpContext context, PageStand stand)
    {
        var supervisor = SupervisorOf(stand);
        var asked = await Answer.ReadAsync<RateAsked>(context).ConfigureAwait(false);
        if (asked.EventsPerSecond is not (>= 0 and <= EmitterOptions.HighestRate))
            throw new RefusedException(
                StatusCodes.Status400BadRequest,
                $"The rate is a whole number of events a second, 0 (as many as Kafka takes) to {EmitterOptions.HighestRate}.");
        var whyNot = await supervisor.SetRateAsync(asked.EventsPerSecond.Value, stand.Stopping).ConfigureAwait(false);
        await DoneAsync(context, whyNot).ConfigureAwait(false);
    }

    static async Task BrokenRecordAsync(HttpContext context, PageStand stand)
    {
        var asked = await Answer.ReadAsync<StreamAsked>(context).ConfigureAwait(false);
        var stream = stand.Stream(asked.Stream ?? "");
        var at = await BrokenRecord.SendAsync(stand.Endpoints, stream, stand.Stopping).ConfigureAwait(false);
        await Answer.JsonAsync(context, new RecordSent(at.Topic, at.Partition.Value, at.Offset.Value)).ConfigureAwait(false);
    }

    /// <summary>To pause what is paused, or resume what is not, is done as well. Begun, it goes on when nobody waits any more.</summary>
    static async Task OnStreamAsync(HttpContext context, PageStand stand, Func<PageStand, StreamDefinition, Task> change)
    {
        var asked = await Answer.ReadAsync<StreamAsked>(context).ConfigureAwait(false);
        var stream = stand.Stream(asked.Stream ?? "");
        if (!await RunningSetup
            .EndsWithinAsync(stand.Options.SetupPatience, stand.ClickHouse, TimeProvider.System, stand.Stopping).ConfigureAwait(false))
            throw new RefusedException(StatusCodes.Status409Conflict, "A setup is running: try again when it has ended.");
        try
        {
            await change(stand, stream).WaitAsync(Patience, stand.Stopping).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Another setup came in between, or the block that ClickHouse is at takes long.
            throw new RefusedException(StatusCodes.Status409Conflict, "That takes long, and goes on: the page shows when it is done.");
        }
        await Answer.JsonAsync(context, new ActionDone(true)).ConfigureAwait(false);
    }

    /// <summary>An action goes on when the browser that asked for it is gone: half a restart helps nobody.</summary>
    static Task DoneAsync(HttpContext context, string? whyNot) => whyNot is null
        ? Answer.JsonAsync(context, new ActionDone(true))
        : throw new RefusedException(StatusCodes.Status409Conflict, whyNot);

    static ISupervisor SupervisorOf(PageStand stand) => stand.Supervisor ?? throw new RefusedException(
        StatusCodes.Status409Conflict, "No supervisor of Millrace keeps this stand: use the tools of whatever runs its services.");
}

/// <summary>Immutable.</summary>
sealed record ServiceAsked(string? Service);

/// <summary>Immutable.</summary>
/// <param name="EventsPerSecond">0 for as many as Kafka takes.</param>
sealed record RateAsked(int? EventsPerSecond);

/// <summary>Immutable.</summary>
/// <param name="Stream">Its name or its topic.</param>
sealed record StreamAsked(string? Stream);

/// <summary>Where a record was appended. Immutable.</summary>
sealed record RecordSent(string Topic, int Partition, long Offset);

/// <summary>Immutable.</summary>
sealed record ActionDone(bool Done);
