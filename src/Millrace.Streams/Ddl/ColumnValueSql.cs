using Millrace.Streams.Definition;
using Millrace.Streams.Types;

namespace Millrace.Streams.Ddl;

/// <summary>
/// A column's value by its rules (<see cref="ValueRules"/>), and whether they let the record pass. Each takes the SQL of the column's text,
/// of type Nullable(String), and of the record's JSON.
/// </summary>
static class ColumnValueSql
{
    /// <summary>NULL where the record has no usable value and the rules give none.</summary>
    /// <param name="reading">How JSON in the text is taken apart.</param>
    public static string Value(ColumnDefinition column, string text, string json, JsonReading reading)
    {
        var (rules, type) = (column.Rules, column.Type);
        var value = rules.Invalid == ValueRule.Round ? type.Rounded(text)! : type.Value(text, reading);
        if (!rules.UseDefault) return value;
        var fallback = Default(column);
        var isAbsent = IsAbsent(column, ValueRule.Default, text, json);
        return (isAbsent, rules.Invalid == ValueRule.Default) switch
        {
            (null, _) => $"if({text} IS NOT NULL AND {type.IsNone(value)}, {fallback}, {value})",
            (_, false) => $"if({isAbsent}, {fallback}, {value})",
            _ when rules.Missing == rules.Null => type.OrElse(value, fallback),
            _ => $"if({isAbsent} OR ({text} IS NOT NULL AND {type.IsNone(value)}), {fallback}, {value})",
        };
    }

    /// <summary>The column's default value, of the type's MaybeSql: that of the type where the definition states none.</summary>
    public static string Default(ColumnDefinition column) => column.Default is { } stated
        ? (column.Type.WithFormat(null) ?? column.Type).Value($"toNullable({ClickHouse.Sql.Text(column.Type.Written(stated))})")
        : column.Type.Fallback;

    /// <summary>Whether the rules let a record pass; null where they let every one pass. The column's name is that of its value.</summary>
    public static string? IsAccepted(ColumnDefinition column, string text, string json)
    {
        var rules = column.Rules;
        var isGiven = column.Type.IsGiven(column.Name);
        var rejectsInvalid = rules.RejectsInvalid && !column.Type.IsText;
        var isAbsent = IsAbsent(column, ValueRule.Reject, text, json);
        if (isAbsent is not null && rules.Missing == rules.Null && rules.RejectsInvalid)
            return isGiven;
        string?[] conditions =
        [
            isAbsent is null ? null : $"NOT ({isAbsent})",
            rejectsInvalid ? $"({text} IS NULL OR {isGiven})" : null,
        ];
        var given = conditions.OfType<string>().ToList();
        return given.Count > 0 ? string.Join(" AND ", given) : null;
    }

    /// <summary>
    /// Whether it is missing or null, and the rule for that is <paramref name="rule"/>; null where neither has that rule.
    /// </summary>
    static string? IsAbsent(ColumnDefinition column, ValueRule rule, string text, string json)
    {
        // What is not in the JSON is never null there.
        var isNull = column.Path is null ? column.Rules.Missing : column.Rules.Null;
        return (column.Rules.Missing == rule, isNull == rule) switch
        {
            (true, true) => $"{text} IS NULL",
            (true, false) => $"{text} IS NULL AND NOT {RecordFields.Has(column, json)}",
            (false, true) => $"{text} IS NULL AND {RecordFields.Has(column, json)}",
            _ => null,
        };
    }
}
