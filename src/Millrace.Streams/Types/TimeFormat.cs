using System.Globalization;
using System.Text.RegularExpressions;

namespace Millrace.Streams.Types;

/// <summary>How a text writes a moment: the <c>format:</c> of a column. Immutable.</summary>
public abstract partial record TimeFormat
{
    /// <summary>What Kafka's timestamp of a record is in.</summary>
    internal static readonly TimeFormat Milliseconds = new Epoch("epoch_ms", 3);

    static readonly TimeFormat[] Words =
    [
        new BestEffort("iso", TimeType.IsoTimes),
        new BestEffort("rfc2822", Rfc2822),
        new Epoch("epoch_s", 0), Milliseconds, new Epoch("epoch_us", 6), new Epoch("epoch_ns", 9),
    ];

    const string Rfc2822 =
        "^(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?(?:0?[1-9]|[12][0-9]|3[01]) (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) "
        + "(?:19|2[0-2])[0-9]{2} (?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])? (?:GMT|UTC|[+-](?:0[0-9]|1[0-4])[0-5][0-9])$";

    /// <summary>
    /// Those that parseDateTime64 takes and that say one thing (tried on ClickHouse 26.7; another one makes every query fail).
    /// https://clickhouse.com/docs/sql-reference/functions/type-conversion-functions#parseDateTime
    /// </summary>
    const string Specifiers = "abdefFhHiIjklmMprRsSTyYz%";

    TimeFormat(string text) => Text = text;

    /// <summary>As the definition writes it.</summary>
    public string Text { get; }

    /// <summary>For the sentence that refuses another format.</summary>
    public const string Known =
        "iso, rfc2822, epoch_s, epoch_ms, epoch_us, epoch_ns, or a pattern of ClickHouse's parseDateTime with a whole date, such as "
        + "%d/%b/%Y:%H:%i:%s %z";

    /// <summary>Those that are no pattern.</summary>
    internal static IEnumerable<string> Named => Words.Select(word => word.Text);

    /// <summary>Reads one of the <see cref="Known"/> formats; null when <paramref name="text"/> is none of them.</summary>
    public static TimeFormat? Read(string text) =>
        Array.Find(Words, word => word.Text == text) ?? (IsPattern(text) ? new Pattern(text) : null);

    /// <summary>Digits that seconds are moved by, where it is a number of them since 1970; null where it is none.</summary>
    public virtual int? Exponent => null;

    /// <summary>The form of ISO 8601, which the emitter writes.</summary>
    public bool IsIso => Text == "iso";

    /// <summary>A Nullable(DateTime64(scale, zone)); NULL where the text is no such moment, or beyond what the type keeps.</summary>
    /// <param name="field">Of type Nullable(String).</param>
    /// <param name="zone">Of a time that names none.</param>
    internal abstract string Moment(string field, string zone, int scale);

    static bool IsPattern(string text)
    {
        var letters = Specifier().Matches(text).Select(match => match.Groups[1].Value).ToList();
        bool Has(params string[] some) => some.Any(letters.Contains);
        return letters.Count > 0
            && letters.All(letter => letter.Length == 1 && Specifiers.Contains(letter[0]))
            && (Has("F") || (Has("Y", "y") && (Has("j") || (Has("m", "b", "M") && Has("d", "e")))));
    }

    /// <summary>What DateTime64 keeps: 1900 to 2299, and with 9 digits what an Int64 of nanoseconds reaches.</summary>
    static string IsKept(string moment, int scale, Func<string, string> literal) =>
        $"{moment} BETWEEN {literal("-2208988800")} AND {literal(scale == 9 ? "9223372036" : "10413791999")}";

    [GeneratedRegex("%(.?)", RegexOptions.Singleline)]
    private static partial Regex Specifier();

    /// <summary>What parseDateTime64BestEffort reads, of one form.</summary>
    sealed record BestEffort(string Word, string Form) : TimeFormat(Word)
    {
        internal override string Moment(string field, string zone, int scale) =>
            $"if(match({field}, {ClickHouse.Sql.Text(Form)}), {TimeType.BestEffort(field, zone, scale)}, NULL)";
    }

    sealed record Epoch(string Word, int Digits) : TimeFormat(Word)
    {
        public override int? Exponent => Digits;

        /// <summary>A product, whose scale is the sum of those of its factors, keeps every digit; a quotient would not.</summary>
        internal override string Moment(string field, string zone, int scale)
        {
            var number = $"toDecimal128OrNull(if(match({field}, '^-?[0-9]{{1,19}}(?:[.][0-9]+)?$'), {field}, NULL), 9)";
            var unit = Digits == 0 ? "1" : $"0.{new string('0', Digits - 1)}1";
            var seconds = string.Create(CultureInfo.InvariantCulture, $"{number} * toDecimal128('{unit}', {Digits})");
            return Kept(seconds, string.Create(CultureInfo.InvariantCulture, $"toDecimal128(0, {9 + Digits})"), zone, scale, text => text,
                number => string.Create(CultureInfo.InvariantCulture, $"floor({number}, {scale})"));
        }
    }

    sealed record Pattern(string Form) : TimeFormat(Form)
    {
        internal override string Moment(string field, string zone, int scale)
        {
            var zoneText = ClickHouse.Sql.Text(zone);
            // The parser takes any four digits for a zone.
            var end = Form.EndsWith("%z", StringComparison.Ordinal) ? "$" : "";
            var text = Form.Contains("%z", StringComparison.Ordinal)
                ? $"if(match({field}, '[+-](?:0[0-9]|1[0-4])[0-5][0-9]{end}'), {field}, NULL)"
                : field;
            return Kept(
                $"parseDateTime64OrNull({text}, {ClickHouse.Sql.Text(Form)}, {zoneText})", $"toDateTime64(0, 6, {zoneText})", zone, scale,
                seconds => $"toDateTime64({seconds}, 6, {zoneText})", moment => moment);
        }
    }

    /// <summary>
    /// Converts what is kept: a conversion that fails would stop the stream, and one of NULL looks at the value that lies under it.
    /// </summary>
    /// <param name="floor">Cuts digits off as time goes, before 1970 too.</param>
    static string Kept(
        string moment, string harmless, string zone, int scale, Func<string, string> literal, Func<string, string> floor)
    {
        var isKept = IsKept(moment, scale, literal);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"if({isKept}, toDateTime64(if({isKept}, {floor(moment)}, {harmless}), {scale}, {ClickHouse.Sql.Text(zone)}), NULL)");
    }
}
