using Millrace.Streams.Definition;

namespace Millrace.Streams.Events;

/// <summary>
/// Decides which stream the next event is of and what it is about:
/// visitors look at products, click on some of those, order some of those. For one thread.
/// </summary>
sealed class ShopTraffic
{
    /// <summary>Sessions going on at a time.</summary>
    const int OpenSessions = 1000;

    /// <summary>A visitor leaves after this many pages on average.</summary>
    const int PagesPerSession = 8;

    /// <summary>1 to 5 pieces.</summary>
    static readonly WeightedPicker Pieces = new([70, 18, 7, 3, 2]);

    readonly EventRandom _random;
    readonly SessionSource _sessions;
    readonly ProductCatalog _products;
    readonly WeightedPicker _picker;
    readonly Session?[] _open = new Session?[OpenSessions];
    readonly RecentVisits[] _recent;

    /// <summary>Index of the stream each stream's events come after, itself where they begin something new.</summary>
    readonly int[] _after;

    /// <param name="streams">At least one; all with a weight above 0, none after a stream that is not among them.</param>
    public ShopTraffic(IReadOnlyList<StreamDefinition> streams, EventRandom random)
    {
        _random = random;
        _sessions = new SessionSource(random);
        _products = new ProductCatalog(random);
        _picker = new WeightedPicker([.. streams.Select(stream => (double)stream.Weight)]);
        _recent = [.. streams.Select(_ => new RecentVisits())];
        var names = streams.Select(stream => stream.Name).ToList();
        _after = [.. streams.Select((stream, i) => stream.After is null ? i : names.IndexOf(stream.After))];
    }

    /// <summary>Fills in what the next event is about, except the time.</summary>
    /// <returns>The index of its stream.</returns>
    public int Next(EventContext context)
    {
        var stream = _picker.Pick(_random);
        var cause = _after[stream];
        (context.Session, context.Product) = cause != stream && _recent[cause].TryPick(_random, out var visit) ? visit : NewVisit();
        context.Quantity = 1 + Pieces.Pick(_random);
        _recent[stream].Add((context.Session, context.Product));
        return stream;
    }

    (Session Session, Product Product) NewVisit()
    {
        var place = _random.Below(OpenSessions);
        var session = _open[place];
        if (session is null || _random.Below(PagesPerSession) == 0) _open[place] = session = _sessions.Begin();
        return (session, _products.Pick(_random));
    }
}
