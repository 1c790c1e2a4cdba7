using Millrace.Meters;

namespace Millrace.Page.Stand;

/// <summary>
/// What the supervisor of a stand does for its page. A stand that none of ours keeps up has none, and the page says so. Any thread may
/// call.
/// </summary>
public interface ISupervisor
{
    /// <summary>Stops a service and starts it.</summary>
    /// <returns>null when it runs again; otherwise why not, in one sentence.</returns>
    Task<string?> RestartAsync(string service, CancellationToken cancellation);

    /// <summary>Kills the process of a service, as <c>kill -9</c> does.</summary>
    /// <returns>null when it was killed; otherwise why not, in one sentence.</returns>
    Task<string?> KillAsync(string service, CancellationToken cancellation);

    /// <summary>From now on the emitter makes so many events a second, until the stand is started anew.</summary>
    /// <param name="eventsPerSecond">0 for as many as Kafka takes.</param>
    /// <returns>null when it does; otherwise why not, in one sentence.</returns>
    Task<string?> SetRateAsync(int eventsPerSecond, CancellationToken cancellation);

    /// <summary>
    /// The last lines of every service's log in the order of their time, then each new one, until <paramref name="cancellation"/> is set.
    /// </summary>
    /// <param name="count">Most lines of the past.</param>
    IAsyncEnumerable<IReadOnlyList<ServiceLogLine>> ReadLogsAsync(int count, CancellationToken cancellation);

    /// <summary>What each service that runs last measured of itself, as it does each second.</summary>
    /// <returns>Empty where the supervisor is gone or does not answer.</returns>
    Task<IReadOnlyList<ServiceReadings>> ReadMetersAsync(CancellationToken cancellation);
}

/// <summary>One line of a service's log. Immutable.</summary>
/// <param name="Level">info, warn, fail, or empty where the line says none.</param>
public sealed record ServiceLogLine(string Service, DateTimeOffset Time, string Level, string Text);
