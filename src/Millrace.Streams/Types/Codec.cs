using System.Globalization;
using System.Text.RegularExpressions;

namespace Millrace.Streams.Types;

/// <summary>
/// The <c>codec:</c> of a column: how ClickHouse packs it, as between the parentheses of CODEC(...). Known here, so that a wrong one is told
/// with its place before anything is applied: https://clickhouse.com/docs/sql-reference/statements/create/table#column_compression_codec
/// (tried on ClickHouse 26.7). Tests: ColumnOptionsTests.
/// </summary>
static partial class Codec
{
    /// <summary>Codecs that make a column smaller by themselves, with their levels; 0 to 0 for none.</summary>
    static readonly Dictionary<string, (int Lowest, int Highest)> General = new()
    {
        ["NONE"] = (0, 0),
        ["LZ4"] = (0, 0),
        ["LZ4HC"] = (1, 12),
        ["ZSTD"] = (1, 22),
    };

    /// <summary>Codecs that prepare numbers for a general one, which has to follow all but T64, FPC and Gorilla.</summary>
    static readonly string[] Preparing = ["Delta", "DoubleDelta", Divisor];

    const string Divisor = "GCD";

    static readonly string[] Whole = ["T64"];

    static readonly string[] Floating = ["Gorilla", "FPC"];

    static IEnumerable<string> Names => [.. General.Keys, .. Preparing, .. Whole, .. Floating];

    /// <summary>For the sentence that refuses another.</summary>
    public static string Known { get; } = string.Join(", ", Names);

    /// <returns>Why the text is no codec of the type, with the word that is wrong; null where it is one.</returns>
    public static (string Why, string? Wrong)? Fault(string text, ColumnType type)
    {
        if (!Form().IsMatch(text)) return ($"'{text}' is no codec; write one or more of {Known}, as in Delta, ZSTD(3)", null);
        var steps = Step().Matches(text).Select(match => (Name: match.Groups["name"].Value, Level: match.Groups["level"].Value)).ToList();
        if (steps.Find(step => !Names.Contains(step.Name)) is { Name: { } unknown }) return ($"'{unknown}' is no codec", unknown);
        return steps.Select((step, i) => Fault(step.Name, step.Level, isLast: i == steps.Count - 1, type))
            .FirstOrDefault(fault => fault is not null)
            is { } fault
                ? (fault, null)
                : null;
    }

    /// <summary>The codecs that a misspelt one may mean.</summary>
    public static IEnumerable<string> Words => Names;

    /// <summary>Whether ClickHouse, which shows all levels and widths, keeps a column by it.</summary>
    /// <param name="stored">As in CODEC(Delta(8), ZSTD(1)); empty for none.</param>
    public static bool IsStored(string text, string stored)
    {
        if (!stored.StartsWith(Clause, StringComparison.Ordinal)) return false;
        return Steps(text).SequenceEqual(Steps(stored[Clause.Length..^1]));

        // A width is that of the type.
        static IEnumerable<(string Name, string Level)> Steps(string text) => Step().Matches(text).Select(match => (
            match.Groups["name"].Value, General.ContainsKey(match.Groups["name"].Value) ? Level(match) : ""));

        static string Level(Match step) => step.Groups["level"] is { Success: true, Value: var level }
            ? level
            : UsualLevels.GetValueOrDefault(step.Groups["name"].Value, "");
    }

    const string Clause = "CODEC(";

    /// <summary>Where none is written.</summary>
    static readonly Dictionary<string, string> UsualLevels = new() { ["LZ4HC"] = "0", ["ZSTD"] = "1" };

    static string? Fault(string name, string level, bool isLast, ColumnType type)
    {
        if (General.TryGetValue(name, out var levels))
        {
            if (!isLast) return $"{name} stands last; write what follows it before it";
            if (level == "") return null;
            return int.TryParse(level, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number >= levels.Lowest && number <= levels.Highest && levels.Highest > 0
                    ? null
                    : levels.Highest == 0 ? $"{name} has no level" : $"{name} has the levels {levels.Lowest} to {levels.Highest}";
        }
        if (level != "") return $"{name} takes its number from the type; leave ({level}) out";
        if (Values(type) is not { } values) return $"{name} is for numbers and times, not for {type.Sql}; write LZ4 or ZSTD";
        if (Floating.Contains(name))
            return values is FloatType { Name: not "BFloat16" } ? null : $"{name} is for Float32 and Float64, not for {type.Sql}";
        if (Whole.Contains(name))
            return values is FloatType || values.Name is "Int128" or "Int256" or "UInt128" or "UInt256" || values is DecimalType { Precision: > 18 }
                ? $"{name} is for whole numbers and times of up to 64 bits, not for {type.Sql}"
                : null;
        if (values.Name is "Int128" or "Int256" or "UInt128" or "UInt256" || values is DecimalType { Precision: > 18 })
            return $"{name} is for values of up to 64 bits, not for {type.Sql}";
        if (name == Divisor && values is not (IntegerType or DecimalType or DateType or TimeType))
            return $"{name} is for whole numbers, Decimals and days or moments, not for {type.Sql}";
        return isLast ? $"{name} packs nothing by itself; write {name}, LZ4 or {name}, ZSTD(1)" : null;
    }

    /// <summary>What lies in the column's files: the elements of an array; null where it is no number.</summary>
    static ColumnType? Values(ColumnType type) => type switch
    {
        ArrayType { Element: var element } => Values(element),
        IntegerType or FloatType or DecimalType or DateType or TimeType or ClockType or BoolType or EnumType => type,
        _ => null,
    };

    [GeneratedRegex(@"(?<name>[A-Za-z0-9_]+)(?:\s*\(\s*(?<level>[0-9]+)\s*\))?")]
    private static partial Regex Step();

    [GeneratedRegex(@"^\s*[A-Za-z0-9_]+(?:\s*\(\s*[0-9]+\s*\))?(?:\s*,\s*[A-Za-z0-9_]+(?:\s*\(\s*[0-9]+\s*\))?)*\s*\z")]
    private static partial Regex Form();
}
