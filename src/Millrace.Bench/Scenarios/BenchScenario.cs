using System.Globalization;
using Millrace.Bench.Options;
using Millrace.Bench.Results;

namespace Millrace.Bench.Scenarios;

/// <summary>Something to be measured: each is one file beside this one, and a line in <see cref="ScenarioList"/>.</summary>
abstract class BenchScenario
{
    /// <summary>A stand that comes up and goes away again.</summary>
    protected static readonly TimeSpan AroundStand = TimeSpan.FromSeconds(5);

    /// <summary>As users type it.</summary>
    public abstract string Name { get; }

    /// <summary>For the help, in a few words.</summary>
    public abstract string Description { get; }

    /// <summary>Its parameters but for those of <see cref="BenchOptions.Vary"/>: a measurement for each.</summary>
    public abstract IReadOnlyList<IReadOnlyDictionary<string, string>> Cases(BenchOptions options);

    /// <summary>About how long one run takes.</summary>
    public abstract TimeSpan Expected(BenchOptions options);

    /// <summary>Measures once.</summary>
    public abstract Task<RunResult> RunAsync(ScenarioRun run, CancellationToken cancellation);

    protected static IReadOnlyList<IReadOnlyDictionary<string, string>> EachRate(BenchOptions options) =>
        [.. options.Rates.Select(rate => new Dictionary<string, string> { [ScenarioRun.RateName] = Text(rate) })];

    protected static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
