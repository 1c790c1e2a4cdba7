using Millrace.Streams.Events;

namespace Millrace.Bench.Options;

/// <summary>What is to be measured, and how long. Immutable.</summary>
public sealed record BenchOptions
{
    /// <summary>Events a second, for the scenarios that take rates.</summary>
    public IReadOnlyList<int> Rates { get; init; } = [1000];

    /// <summary>Events go on for so long before any counts.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long <c>latency</c> counts.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long <c>sustain</c> wants a rate to be held.</summary>
    public TimeSpan Hold { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary><c>sustain</c>: 99 % of the rows may be so late at most.</summary>
    public TimeSpan P99Limit { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary><c>sustain</c> tries no higher rate, in events a second.</summary>
    public int Most { get; init; } = EmitterOptions.HighestRate;

    /// <summary>The backlog of <c>drain</c>, in events.</summary>
    public int Backlog { get; init; } = 1_000_000;

    /// <summary>The services that <c>recover</c> kills.</summary>
    public IReadOnlyList<string> Kill { get; init; } = ["broker", "clickhouse", "emitter"];

    /// <summary>How often each measurement is made.</summary>
    public int Repeat { get; init; } = 1;

    /// <summary>Settings of the emitter by their names, each with its values: every combination is measured.</summary>
    public IReadOnlyList<(string Name, IReadOnlyList<string> Values)> Vary { get; init; } = [];

    /// <summary>Every combination of <see cref="Vary"/>; one without a setting where there is none.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Variants
    {
        get
        {
            IReadOnlyList<IReadOnlyDictionary<string, string>> all = [new Dictionary<string, string>()];
            foreach (var (name, values) in Vary)
                all = [.. all.SelectMany(one => values.Select(value => new Dictionary<string, string>(one) { [name] = value }))];
            return all;
        }
    }
}
