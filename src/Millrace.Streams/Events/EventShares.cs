using System.Globalization;

namespace Millrace.Streams.Events;

/// <summary>How much of the events is bad on purpose, each from 0 (none) to 1 (all). Immutable.</summary>
/// <param name="Late">Their time lies 1 to 24 hours before they are made.</param>
/// <param name="Duplicates">A recent event once more, byte by byte; only of those that are not malformed.</param>
/// <param name="Malformed">They must become dead letters: cut off, of a wrong type, or without a field that is required.</param>
/// <param name="HotKey">They have one key, that of the stream's first event.</param>
public sealed record EventShares(double Late = 0, double Duplicates = 0, double Malformed = 0, double HotKey = 0)
{
    /// <summary>What a share must be.</summary>
    public const string Allowed = "a number from 0 to 1";

    public static readonly EventShares None = new();

    /// <returns>null where it is no share.</returns>
    public static double? Read(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) && share <= 1 ? share : null;

    /// <summary>Those above 0.</summary>
    public override string ToString()
    {
        (string Name, double Share)[] all = [("late", Late), ("duplicates", Duplicates), ("malformed", Malformed), ("hot key", HotKey)];
        var shares = all.Where(one => one.Share > 0).Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Name} {one.Share}"));
        return string.Join(", ", shares);
    }
}

/// <summary>Which shares are to be others; null: as before. Immutable.</summary>
public sealed record ShareChange(double? Late = null, double? Duplicates = null, double? Malformed = null, double? HotKey = null)
{
    public EventShares Onto(EventShares shares)
    {
        ArgumentNullException.ThrowIfNull(shares);
        return new EventShares(
            Late ?? shares.Late, Duplicates ?? shares.Duplicates, Malformed ?? shares.Malformed, HotKey ?? shares.HotKey);
    }
}
