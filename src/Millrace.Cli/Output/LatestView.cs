using Millrace.Cli.Documents;

namespace Millrace.Cli.Output;

/// <summary>Shows nothing, and knows what there is to show. Any thread may ask.</summary>
/// <param name="isWatched">Somebody asks from the first second on.</param>
sealed class LatestView(bool isWatched) : IStandView
{
    volatile StandDocument? _last;

    /// <summary>null before the first.</summary>
    public StandDocument? Last => _last;

    public bool ShowsFlow => isWatched;

    public void Show(StandWatch watch)
    {
        foreach (var document in watch.ReadAll()) _last = document;
    }
}
