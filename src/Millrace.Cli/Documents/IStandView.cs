namespace Millrace.Cli.Documents;

/// <summary>
/// What <c>up</c> shows while the stand is up. It has a thread of its own: it may be slow, get stuck or throw, and
/// the stand takes no notice.
/// </summary>
interface IStandView
{
    /// <summary>It wants to know what flows each second: Kafka and ClickHouse are asked as often.</summary>
    bool ShowsFlow { get; }

    /// <summary>Shows what <paramref name="watch"/> tells, until that ends.</summary>
    void Show(StandWatch watch);
}
