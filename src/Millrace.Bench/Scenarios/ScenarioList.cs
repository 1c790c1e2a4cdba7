using Millrace.Bench.Options;
using Millrace.Streams.Definition;

namespace Millrace.Bench.Scenarios;

/// <summary>The scenarios that there are.</summary>
static class ScenarioList
{
    /// <summary>In the order in which they are measured and told of.</summary>
    public static IReadOnlyList<BenchScenario> All { get; } =
        [new StartupScenario(), new LatencyScenario(), new SustainScenario(), new DrainScenario(), new RecoverScenario()];

    public static string Names => string.Join(", ", All.Select(scenario => scenario.Name));

    /// <exception cref="BenchRefusedException">One of the names is none of theirs.</exception>
    public static IReadOnlyList<BenchScenario> Find(IReadOnlyList<string> names)
    {
        foreach (var name in names)
            if (All.All(scenario => scenario.Name != name))
                throw new BenchRefusedException(
                    $"bench has no scenario {name}{NearestWord.Hint(name, All.Select(scenario => scenario.Name))}: there are {Names}");
        return [.. All.Where(scenario => names.Contains(scenario.Name))];
    }
}
