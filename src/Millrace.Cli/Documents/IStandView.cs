namespace Millrace.Cli.Documents;

/// <summary>
/// What <c>up</c> shows while the stand is up. It has a thread of its own: it may be slow, get stuck or throw, and
/// the stand takes no notice.
/// </summary>
interface IStandView
{
    /// <summary>It wants to know what flows: somebody has to ask Kafka and ClickHouse each second.</summary>
    bool ShowsFlow { get; }

    /// <summary>Shows what <paramref name="watch"/> tells, until that ends.</summary>
    void Show(StandWatch watch);
}
