namespace Millrace.Streams.Events;

/// <summary>
/// Who looked at what lately in one stream: what the events that come after are about.
/// Holds the last <see cref="Capacity"/>. For one thread.
/// </summary>
sealed class RecentVisits
{
    const int Capacity = 512;

    readonly (Session Session, Product Product)[] _visits = new (Session, Product)[Capacity];
    int _added;

    public void Add((Session Session, Product Product) visit) => _visits[_added++ & (Capacity - 1)] = visit;

    /// <returns>False while there is none.</returns>
    public bool TryPick(EventRandom random, out (Session Session, Product Product) visit)
    {
        visit = _added == 0 ? default : _visits[random.Below(_added is < 0 or > Capacity ? Capacity : _added)];
        return _added != 0;
    }
}
