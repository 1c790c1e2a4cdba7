using Millrace.Streams.Status;

namespace Millrace.Page.Feed;

/// <summary>
/// What the hub remembers, as columns for a plot: a value of every list for each of <see cref="Times"/>. Immutable.
/// </summary>
/// <param name="Feed">Of the last document in it; null where nothing is known yet.</param>
/// <param name="Number">Of that document: the feed goes on after it.</param>
/// <param name="Times">Milliseconds since 1970.</param>
/// <param name="Streams">By name, in the order of the definitions.</param>
/// <param name="Services">By name.</param>
sealed record PastTable(
    string? Feed, long Number, IReadOnlyList<long> Times, IReadOnlyDictionary<string, StreamColumns> Streams,
    IReadOnlyDictionary<string, ServiceColumns> Services, IReadOnlyList<StandEvent> Events)
{
    /// <summary>As many as a wide plot has pixels.</summary>
    const int MostPoints = 900;

    static readonly PastTable Empty =
        new(null, 0, [], new Dictionary<string, StreamColumns>(), new Dictionary<string, ServiceColumns>(), []);

    public static PastTable Of(StatusHub hub, int minutes)
    {
        using var subscription = hub.Subscribe();
        return Of(subscription.Past, TimeSpan.FromMinutes(minutes));
    }

    internal static PastTable Of(IReadOnlyList<StatusDocument> past, TimeSpan length)
    {
        if (past.Count == 0) return Empty;
        var last = past[^1];
        var recent = past.Where(document => document.Time > last.Time - length).ToList();
        var points = recent.Chunk((recent.Count + MostPoints - 1) / MostPoints).ToList();
        var streams = last.Flow ?? past.LastOrDefault(document => document.Flow is not null)?.Flow;
        return new PastTable(
            last.Feed,
            last.Number,
            [.. points.Select(point => point[^1].Time.ToUnixTimeMilliseconds())],
            streams?.Streams.Select(stream => stream.Stream).ToDictionary(name => name, name => StreamColumns.Of(name, points)) ?? [],
            last.Services.ToDictionary(service => service.Name, service => ServiceColumns.Of(service.Name, points)),
            [.. recent.SelectMany(document => document.Events)]);
    }
}

/// <summary>
/// One stream over time; null is what was not known. Of several documents in a point the worst counts, of rates the average. Immutable.
/// </summary>
sealed record StreamColumns(
    IReadOnlyList<double?> ProducedPerSecond, IReadOnlyList<double?> RowsPerSecond, IReadOnlyList<double?> Lag,
    IReadOnlyList<double?> LagSeconds, IReadOnlyList<double?> LatencyP50, IReadOnlyList<double?> LatencyP99,
    IReadOnlyList<double?> DeadLetters)
{
    public static StreamColumns Of(string name, IReadOnlyList<StatusDocument[]> points)
    {
        var found = points
            .Select(point => point.SelectMany(document => document.Flow?.Streams ?? []).Where(stream => stream.Stream == name).ToList())
            .ToList();
        return new(
            Each(streams => streams.Average(stream => stream.ProducedPerSecond)),
            Each(streams => streams.Average(stream => stream.RowsPerSecond)),
            Each(streams => streams.Max(stream => stream.Lag)),
            Each(streams => streams.Max(stream => stream.LagSeconds)),
            Each(streams => streams.Max(stream => stream.LatencyP50)),
            Each(streams => streams.Max(stream => stream.LatencyP99)),
            Each(streams => streams.Max(stream => stream.DeadLetters)));

        double?[] Each(Func<List<StreamStatus>, double?> value) =>
            [.. found.Select(streams => streams.Count == 0 ? null : Rounded(value(streams)))];
    }

    static double? Rounded(double? value) => value is { } known ? Math.Round(known, 1) : null;
}

/// <summary>One service over time. Immutable.</summary>
/// <param name="Cores">Kept busy; null where no process lived.</param>
/// <param name="MemoryBytes">0 where no process lived.</param>
sealed record ServiceColumns(IReadOnlyList<double?> Cores, IReadOnlyList<long> MemoryBytes)
{
    public static ServiceColumns Of(string name, IReadOnlyList<StatusDocument[]> points)
    {
        var found = points
            .Select(point => point.SelectMany(document => document.Services).Where(service => service.Name == name).ToList())
            .ToList();
        return new(
            [.. found.Select(services => services.Max(service => service.Cores))],
            [.. found.Select(services => services.Select(service => service.MemoryBytes).DefaultIfEmpty().Max())]);
    }
}
