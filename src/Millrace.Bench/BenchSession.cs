using Millrace.Bench.Options;
using Millrace.Bench.Results;
using Millrace.Bench.Scenarios;
using Millrace.Bench.Stands;

namespace Millrace.Bench;

/// <summary>Measures one scenario after the other, each as often as it is asked for. One call of <see cref="RunAsync"/>.</summary>
public sealed class BenchSession
{
    readonly IBenchStands _stands;
    readonly BenchOptions _options;
    readonly VersionFacts _versions;
    readonly BenchSettings _settings;
    readonly TimeProvider _time;
    readonly DateTimeOffset _startedAt;
    readonly IReadOnlyList<(BenchScenario Scenario, IReadOnlyDictionary<string, string> Parameters, List<RunResult> Runs)> _measurements;
    readonly TimeSpan _expected;
    TimeSpan _done; // of _expected
    bool _isComplete;

    /// <param name="scenarios">Their names.</param>
    /// <param name="emitter">The emitter's settings that hold where nothing is varied.</param>
    /// <exception cref="BenchRefusedException">It can't be measured as it was asked for.</exception>
    public BenchSession(
        IBenchStands stands, IReadOnlyList<string> scenarios, BenchOptions options, VersionFacts versions,
        IReadOnlyDictionary<string, string> emitter, TimeProvider time)
    {
        (_stands, _options, _versions, _time) = (stands, options, versions, time);
        _settings = new BenchSettings(
            options.WarmUp.TotalSeconds, options.Duration.TotalSeconds, options.Hold.TotalSeconds, options.P99Limit.TotalMilliseconds,
            options.Repeat, emitter, [.. stands.Catalog.Streams.Select(stream => stream.Name)]);
        var found = ScenarioList.Find(scenarios);
        _measurements = [.. found.SelectMany(scenario => MeasurementsOf(scenario, options))];
        _expected = options.Repeat * _measurements.Aggregate(TimeSpan.Zero, (sum, one) => sum + one.Scenario.Expected(options));
        _startedAt = time.GetUtcNow();
    }

    /// <summary>The scenarios with what each measures, for the help.</summary>
    public static IReadOnlyList<(string Name, string Description)> Scenarios { get; } =
        [.. ScenarioList.All.Select(scenario => (scenario.Name, scenario.Description))];

    /// <summary>What was measured up to now.</summary>
    public BenchResults Results => new()
    {
        StartedAt = _startedAt,
        FinishedAt = _time.GetUtcNow(),
        IsComplete = _isComplete,
        Machine = ThisMachine.Facts(),
        Versions = _versions,
        Settings = _settings,
        Measurements =
        [
            .. _measurements.Where(one => one.Runs.Count > 0)
                .Select(one => new Measurement(one.Scenario.Name, one.Parameters, [.. one.Runs])),
        ],
    };

    /// <param name="progress">Is told about each second, on no particular thread.</param>
    /// <param name="measured">Is told after each run, when <see cref="Results"/> has one more.</param>
    /// <exception cref="BenchFailedException">A measurement came to no end; <see cref="Results"/> has those before it.</exception>
    /// <exception cref="OperationCanceledException">Somebody stopped it; <see cref="Results"/> has what was measured.</exception>
    public async Task RunAsync(Action<BenchProgress> progress, Action measured, CancellationToken cancellation)
    {
        // Each measurement once, then each again: what changes on the machine meanwhile is in the spread of all of them.
        for (var number = 1; number <= _options.Repeat; number++)
            foreach (var (scenario, parameters, runs) in _measurements)
            {
                runs.Add(await RunAsync(scenario, parameters, number, progress, cancellation).ConfigureAwait(false));
                _done += scenario.Expected(_options);
                _isComplete = number == _options.Repeat && _measurements[^1].Runs == runs;
                measured();
            }
    }

    async Task<RunResult> RunAsync(
        BenchScenario scenario, IReadOnlyDictionary<string, string> parameters, int number, Action<BenchProgress> progress,
        CancellationToken cancellation)
    {
        var title = new Measurement(scenario.Name, parameters, []).Title;
        if (_options.Repeat > 1) title += $", run {number} of {_options.Repeat}";
        var (doing, started, expected) = ("starts a stand", _time.GetTimestamp(), scenario.Expected(_options));
        Tell();
        return await scenario.RunAsync(
            new ScenarioRun(_stands, _options, parameters, number, Tell, what => { doing = what; Tell(); }, _time), cancellation)
            .ConfigureAwait(false);

        void Tell()
        {
            var elapsed = _time.GetElapsedTime(started);
            // One that takes longer than others do is not over before it is.
            var done = _done + (elapsed < expected ? elapsed : expected);
            progress(new BenchProgress(title, doing, done / _expected, _expected - done));
        }
    }

    static IEnumerable<(BenchScenario, IReadOnlyDictionary<string, string>, List<RunResult>)> MeasurementsOf(
        BenchScenario scenario, BenchOptions options) =>
        scenario.Cases(options).SelectMany(parameters => options.Variants.Select(variant =>
            (scenario, (IReadOnlyDictionary<string, string>)parameters.Concat(variant).ToDictionary(), new List<RunResult>())));
}
