namespace Millrace.Cli.Documents;

/// <summary>
/// What <c>up</c> shows while the stand is up. It has a thread of its own: it may be slow, get stuck or throw, and
/// the stand takes no notice.
/// </summary>
interface IStandView
{
    /// <summary>Somebody looks at it now: the first look at the servers is taken as soon as everything is up.</summary>
    bool ShowsFlow { get; }

    /// <summary>Shows what <paramref name="watch"/> tells, until that ends.</summary>
    void Show(StandWatch watch);
}
