using System.Globalization;
using System.Net;
using System.Numerics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Millrace.Streams.Types;

namespace Millrace.Streams.Audit;

/// <summary>
/// Whether what a record sent is what a table holds, by .NET's own reading of both: it shares nothing with the SQL that parses records, so
/// the two do not err alike.
/// </summary>
static partial class FieldComparison
{
    const NumberStyles Number = NumberStyles.Float;

    /// <summary>What the reading by parts marks tokens with (SentJson): the parse takes it for U+FFFD.</summary>
    const char Mark = '\ufdd0';

    /// <param name="type">ClickHouse's name of the column's type.</param>
    /// <param name="sent">A field of the record's JSON that is there and not null.</param>
    /// <param name="stored">toString of the value, a moment in UTC; null for NULL.</param>
    /// <returns>null where this can't be told here: another form of writing it than the commonest, or a type of others.</returns>
    /// <exception cref="InvalidOperationException">It holds half of a pair of UTF-16.</exception>
    public static bool? AreSame(string type, JsonElement sent, string? stored)
    {
        var bare = Bare(type);
        if (Text(sent) is not { } text) return null;
        return Name(bare) switch
        {
            "String" => sent.ValueKind == JsonValueKind.String ? text == stored : null,
            "Bool" => sent.ValueKind is JsonValueKind.True or JsonValueKind.False ? text == stored : null,
            "UUID" => Guid.TryParse(text, out var uuid) ? Guid.TryParse(stored, out var kept) && uuid == kept : null,
            "IPv4" or "IPv6" => IPAddress.TryParse(text, out var address) ? AreSame(address, stored) : null,
            "Float32" => float.TryParse(text, Number, CultureInfo.InvariantCulture, out var single)
                ? float.TryParse(stored, Number, CultureInfo.InvariantCulture, out var keptSingle) && single == keptSingle : null,
            "Float64" => double.TryParse(text, Number, CultureInfo.InvariantCulture, out var real)
                ? double.TryParse(stored, Number, CultureInfo.InvariantCulture, out var keptReal) && real == keptReal : null,
            "Date" or "Date32" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
                ? text == stored : null,
            "DateTime" or "DateTime64" => AreSameMoments(text, stored),
            var name when IsExact(name) => ExactNumber.TryParse(text) is { } number
                ? stored is not null && number == ExactNumber.TryParse(stored) : null,
            _ => null,
        };
    }

    /// <summary>Without the wrappers that do not change a value.</summary>
    static string Bare(string type)
    {
        foreach (var wrapper in (string[])["LowCardinality(", "Nullable("])
            if (type.StartsWith(wrapper, StringComparison.Ordinal)) return Bare(type[wrapper.Length..^1]);
        return type;
    }

    static string Name(string bare) => bare.Split('(')[0];

    static bool IsExact(string name) =>
        name.StartsWith("Int", StringComparison.Ordinal) || name.StartsWith("UInt", StringComparison.Ordinal)
        || name.StartsWith("Decimal", StringComparison.Ordinal);

    static string? Text(JsonElement sent) => sent.ValueKind switch
    {
        JsonValueKind.String => sent.GetString() is { } text && !text.Contains(Mark, StringComparison.Ordinal) ? text : null,
        JsonValueKind.Number => sent.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => null,
    };

    static bool AreSame(IPAddress sent, string? stored) =>
        IPAddress.TryParse(stored, out var kept) && sent.MapToIPv6().Equals(kept.MapToIPv6());

    /// <summary>Of a moment in UTC, as the emitter writes it. A table that keeps fewer digits cuts the rest.</summary>
    static bool? AreSameMoments(string sent, string? stored)
    {
        if (!Moment().IsMatch(sent)) return null;
        if (stored is null) return false;
        var digits = stored.Split('.') is [_, var fraction] ? fraction.Length : 0;
        var (whole, given) = (sent[..19].Replace('T', ' '), sent[19..^1].TrimStart('.'));
        return stored == (digits == 0 ? whole : $"{whole}.{given.PadRight(digits, '0')[..digits]}");
    }

    /// <summary>Whether ClickHouse fills a column up with it where a row is older than the column.</summary>
    public static bool IsDefault(string? stored) => stored is null or "" or "false" or "0.0.0.0" or "::"
        || stored == Guid.Empty.ToString() || stored.StartsWith("1970-01-01", StringComparison.Ordinal)
        || ExactNumber.TryParse(stored) is { Digits.IsZero: true };

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.][0-9]+)?Z\z")]
    private static partial Regex Moment();
}

/// <summary>A number of any length without its trailing zeros, so that 1.50, 1.5 and 15e-1 are one.</summary>
readonly record struct ExactNumber(BigInteger Digits, int Exponent)
{
    /// <summary>What has a larger exponent is no number that a table holds.</summary>
    const int LargestExponent = 1000;

    /// <returns>null: it is none.</returns>
    public static ExactNumber? TryParse(string text)
    {
        var parts = text.Split(['e', 'E'], 2);
        var exponent = 0;
        if (parts is [_, var power]
            && !int.TryParse(power, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent)) return null;
        if (exponent is < -LargestExponent or > LargestExponent || Literal.Exact(parts[0]) is not var (units, scale)) return null;
        if (units.IsZero) return new(0, 0);
        for (exponent -= scale; units % 10 == 0; exponent++) units /= 10;
        return new(units, exponent);
    }
}
