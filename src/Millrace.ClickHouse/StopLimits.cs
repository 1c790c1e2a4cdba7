namespace Millrace.ClickHouse;

/// <summary>
/// How long each step of a stop may take, in their order. With the second that Kestrel gives connections it aborts they make 9 s: less than
/// the 10 s after which the supervisor kills (StopLimits.Service of Millrace.Cli). What is cut short loses nothing: a block not committed
/// is read again, and filtered by its offsets.
/// </summary>
static class StopLimits
{
    /// <summary>Queries whose connection was closed end.</summary>
    public static readonly TimeSpan Queries = TimeSpan.FromSeconds(2);

    /// <summary>Queue tables end their block, commit it and leave their group.</summary>
    public static readonly TimeSpan QueueTables = TimeSpan.FromSeconds(4);

    public static readonly TimeSpan Engine = TimeSpan.FromSeconds(2);
}
