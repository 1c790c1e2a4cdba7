using System.Globalization;

namespace Millrace.Streams.Types;

/// <summary><c>Date</c>, 1970 to 2149, and <c>Date32</c>, 1900 to 2299: a day, written as YYYY-MM-DD.</summary>
sealed record DateType : ColumnType
{
    DateType(string name, DateOnly first, DateOnly last) => (Name, First, Last) = (name, first, last);

    public override string Name { get; }

    public DateOnly First { get; }

    public DateOnly Last { get; }

    /// <summary>null: ISO 8601.</summary>
    public override TimeFormat? Format => StatedFormat;

    TimeFormat? StatedFormat { get; init; }

    public override ColumnType WithFormat(TimeFormat? format) => this with { StatedFormat = format };

    public override bool Takes(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        && day >= First && day <= Last;

    public static DateType? Read(TypeText type) => type switch
    {
        { Word: "Date", Arguments: [] } => new DateType(type.Word, new(1970, 1, 1), new(2149, 6, 6)),
        { Word: "Date32", Arguments: [] } => new DateType(type.Word, new(1900, 1, 1), new(2299, 12, 31)),
        _ => null,
    };

    internal override IEnumerable<string> EndTexts =>
        [First.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Last.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)];

    internal override bool Holds(ColumnType other) => other is DateType day && First <= day.First && Last >= day.Last;

    /// <summary>The 30th of February would become a day of March, and a year out of range the nearest that can be kept.</summary>
    internal override string Value(string field)
    {
        if (Format is null or { IsIso: true }) return Iso(field);
        var day = $"toDate32({Format.Moment(field, "UTC", scale: 0)})";
        return If($"{day} BETWEEN {Literal(First)} AND {Literal(Last)}", $"to{Name}({day})");

        static string Literal(DateOnly day) => string.Create(CultureInfo.InvariantCulture, $"toDate32('{day:yyyy-MM-dd}')");
    }

    internal override string Wanted(string text) =>
        Format is null or { IsIso: true } ? Iso(text) : $"coalesce({Value(text)}, {Iso(text)})";

    string Iso(string text) => If($"toString({Day(text)}) = {text}", Day(text));

    string Day(string field) => $"to{Name}OrNull({field})";
}
