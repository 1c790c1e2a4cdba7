namespace Millrace.Cli.Drills;

/// <summary>What a drill does, and how long it may take. Immutable.</summary>
/// <param name="Times">1 or more.</param>
/// <param name="Pause">From the moment that the stand is well until the next strike.</param>
/// <param name="EventsPerSecond">What the drill produces itself meanwhile, beside the stand's own emitter.</param>
/// <param name="Within">How long the stand may take to be well again after a strike.</param>
sealed record DrillPlan(Strike Strike, int Times, TimeSpan Pause, int EventsPerSecond, TimeSpan Within);
