namespace Millrace.Cli.Drills;

/// <summary>What a drill takes where nobody says otherwise, on the command line or in a file, and at most.</summary>
static class DrillDefaults
{
    public const int EventsPerSecond = 1000;
    public const int BurstEvents = 20_000;
    public const int MostTimes = 10_000;
    public const double PoisonShare = 0.05;

    public static readonly TimeSpan Within = TimeSpan.FromMinutes(2);
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan Partition = TimeSpan.FromSeconds(20);

    /// <summary>Of all other drills that last a while.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromSeconds(10);
}
