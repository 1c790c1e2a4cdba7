using System.Globalization;
using System.Text.RegularExpressions;

namespace Millrace.Streams.Types;

/// <summary>
/// A moment: <c>DateTime</c>, in seconds, 1970 to 2106, and <c>DateTime64(P)</c>, with P digits after the point, 0 to 9, 1900 to 2299
/// (to 2262 with 9). Both may name the zone in which ClickHouse shows it, which is also that of times that name none.
/// </summary>
sealed record TimeType : ColumnType
{
    const string Seconds = "DateTime";

    /// <summary>
    /// The form of the emitter and of most libraries, told apart without a group: with groups RE2 takes five times as long, 0.3 us a value.
    /// A month or a day of 00, which parseDateTime64BestEffort takes for 01, has a -00 before it.
    /// </summary>
    static readonly string[] CommonTimes =
    [
        "^2[0-2][0-9][0-9]-[01][0-9]-[0-3][0-9]T[01][0-9]:[0-5][0-9]:[0-5][0-9][.][0-9]+Z$",
        "^2[0-2][0-9][0-9]-[01][0-9]-[0-3][0-9]T2[0-3]:[0-5][0-9]:[0-5][0-9][.][0-9]+Z$",
    ];

    /// <summary>A whole date with or without a time and a zone (ISO 8601, RFC 3339).</summary>
    internal const string IsoTimes =
        "^(?:19|2[0-2])[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])" +
        "(?:[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.][0-9]+)?)?(?: ?(?:Z|[+-](?:0[0-9]|1[0-4])(?::?[0-5][0-9])?))?)?$";

    /// <summary>That, or seconds or milliseconds since 1970.</summary>
    const string Times = $"{IsoTimes}|^[0-9]{{10}}(?:[.][0-9]+)?$|^[0-9]{{13}}$";

    /// <summary>
    /// Of what a definition writes: a day from both ends, as zones differ. Of nanoseconds ClickHouse counts as many as an Int64 holds.
    /// </summary>
    static readonly DateOnly FirstSecond = new(1970, 1, 2);
    static readonly DateOnly LastSecond = new(2106, 2, 6);
    static readonly DateOnly FirstDay = new(1900, 1, 2);
    static readonly DateOnly LastDay = new(2299, 12, 30);
    static readonly DateOnly LastNanosecond = new(2262, 4, 10);

    readonly string? _zone;

    TimeType(string name, int scale, string? zone) => (Name, Scale, _zone) = (name, scale, zone);

    public override string Name { get; }

    public override int Scale { get; }

    /// <summary>null: ISO 8601, or seconds or milliseconds since 1970, whichever a text looks like.</summary>
    public override TimeFormat? Format => StatedFormat;

    TimeFormat? StatedFormat { get; init; }

    public override ColumnType WithFormat(TimeFormat? format) => this with { StatedFormat = format };

    public override string BareSql
    {
        get
        {
            var arguments = new List<string>();
            if (Name != Seconds) arguments.Add(Scale.ToString(CultureInfo.InvariantCulture));
            if (_zone is not null) arguments.Add(Text(_zone));
            return arguments.Count > 0 ? $"{Name}({string.Join(", ", arguments)})" : Name;
        }
    }

    internal override IEnumerable<string> EndTexts => this switch
    {
        { Name: Seconds } => ["1970-01-01 00:00:00", "2106-02-07 06:28:15"],
        { Scale: 9 } => ["1900-01-01 00:00:00", "2262-04-11 23:47:16.854775807"],
        _ => ["1900-01-01 00:00:00", "2299-12-31 23:59:59"],
    };

    /// <summary>A zone changes what is shown, not what is stored.</summary>
    internal override bool Holds(ColumnType other) => other is TimeType time
        && (Name == Seconds ? time.Name == Seconds : time.Scale <= Scale && (Scale < 9 || time.Scale == 9 || time.Name == Seconds));

    /// <summary>A number of seconds is for those who send it.</summary>
    public override bool Takes(string text)
    {
        var (first, last) = Name == Seconds ? (FirstSecond, LastSecond) : (FirstDay, Scale == 9 ? LastNanosecond : LastDay);
        return text.Length >= 10 && text[^1] != '\n' && Regex.IsMatch(text, Times)
            && DateOnly.TryParseExact(text.AsSpan(0, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            && day >= first && day <= last;
    }

    public static TimeType? Read(TypeText type) => type switch
    {
        { Word: Seconds, Arguments: [] } => new TimeType(Seconds, 0, null),
        { Word: Seconds, Arguments: [{ Quoted: { } zone }] } when IsZone(zone) => new TimeType(Seconds, 0, zone),
        { Word: "DateTime64", Arguments: [{ Number: >= 0 and <= 9 and var scale }] } => new TimeType(type.Word, scale, null),
        { Word: "DateTime64", Arguments: [{ Number: >= 0 and <= 9 and var scale }, { Quoted: { } zone }] } when IsZone(zone) =>
            new TimeType(type.Word, scale, zone),
        _ => null,
    };

    internal override string Value(string field)
    {
        var zone = _zone ?? "UTC";
        var (moment, isTime) = Format is null ? (BestEffort(field, zone, Scale), IsTime(field)) : (Format.Moment(field, zone, Scale), null);
        if (Name != Seconds) return isTime is null ? moment : If(isTime, moment);
        // ClickHouse would take the nearest moment that can be kept.
        var isInRange = $"{moment} BETWEEN toDateTime64('1970-01-01 00:00:00', 0, 'UTC') AND toDateTime64('2106-02-07 06:28:15', 0, 'UTC')";
        return If(isTime is null ? isInRange : $"({isTime}) AND {isInRange}", $"toDateTime({moment}, {Text(zone)})");
    }

    /// <summary>A number of seconds with more digits than a double gives back; up to six after the point it does.</summary>
    internal override string? IsChanged(string text, string jsonType) =>
        Scale > 6 ? $"(length({text}) > {NumberSql.DoubleDigits} AND {jsonType} = 'Double')" : null;

    internal override string Wanted(string text)
    {
        var moment = BestEffort(text, _zone, Scale);
        return Format is null or { IsIso: true } ? moment : $"coalesce({Format.Moment(text, _zone ?? "UTC", Scale)}, {moment})";
    }

    /// <param name="zone">Of a time without one; null for the server's.</param>
    internal static string BestEffort(string field, string? zone, int scale)
    {
        var arguments = zone is null ? "" : $", {Text(zone)}";
        // With no digit the function gives a DateTime, which keeps fewer years.
        return scale == 0
            ? $"toDateTime64(toStartOfSecond(parseDateTime64BestEffortOrNull({field}, 1{arguments})), 0{arguments})"
            : string.Create(CultureInfo.InvariantCulture, $"parseDateTime64BestEffortOrNull({field}, {scale}{arguments})");
    }

    static string IsTime(string field)
    {
        var common = string.Join(" OR ", CommonTimes.Select(form => $"match({field}, {Text(form)})"));
        return $"(({common}) AND position({field}, '-00') = 0) OR match({field}, {Text(Times)})";
    }

    /// <summary>By its IANA name: ClickHouse has the same list, and judges where this machine has none.</summary>
    static bool IsZone(string zone) => TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _) || TimeZoneInfo.GetSystemTimeZones().Count < 2;
}
