using System.Runtime.CompilerServices;
using Millrace.Meters;
using Millrace.Page.Stand;

namespace Millrace.Page.Tests;

/// <summary>Notes what it is asked to do; its services have measured what a test says. Its logs are empty.</summary>
sealed class TestSupervisor : ISupervisor
{
    /// <summary>To every action; null where it is done.</summary>
    public string? Answer { get; init; }

    public IReadOnlyList<ServiceReadings> Readings { get; set; } = [];

    /// <summary>What it fails with instead of telling them; null when it does not.</summary>
    public Exception? Failure { get; set; }

    public List<string> Asked { get; } = [];

    public Task<string?> RestartAsync(string service, CancellationToken cancellation) => AskAsync($"restart {service}");

    public Task<string?> KillAsync(string service, CancellationToken cancellation) => AskAsync($"kill {service}");

    public Task<string?> SetRateAsync(int eventsPerSecond, CancellationToken cancellation) => AskAsync($"rate {eventsPerSecond}");

    public Task<IReadOnlyList<ServiceReadings>> ReadMetersAsync(CancellationToken cancellation) =>
        Failure is { } failure ? Task.FromException<IReadOnlyList<ServiceReadings>>(failure) : Task.FromResult(Readings);

    public async IAsyncEnumerable<IReadOnlyList<ServiceLogLine>> ReadLogsAsync(
        int count, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        yield break;
    }

    Task<string?> AskAsync(string what)
    {
        Asked.Add(what);
        return Task.FromResult(Answer);
    }
}
