using Millrace.Streams.Definition;

namespace Millrace.Streams.Ddl;

/// <summary>
/// A column's value from the text of its field; NULL where the text is no value of the type. What is taken is a table in docs/VALUES.md,
/// which ValuesTests runs line by line. No function here fails or throws: an exception in a view stops the stream, and one that ClickHouse
/// catches costs 200 us a value.
/// </summary>
static class ValueSql
{
    /// <summary>
    /// The form of the emitter and of most libraries, told apart without a group: with groups RE2 takes five times as long, 0.3 us a value.
    /// A month or a day of 00, which parseDateTime64BestEffort takes for 01, has a -00 before it.
    /// </summary>
    static readonly string[] CommonTimes =
    [
        "^2[0-2][0-9][0-9]-[01][0-9]-[0-3][0-9]T[01][0-9]:[0-5][0-9]:[0-5][0-9][.][0-9]+Z$",
        "^2[0-2][0-9][0-9]-[01][0-9]-[0-3][0-9]T2[0-3]:[0-5][0-9]:[0-5][0-9][.][0-9]+Z$",
    ];

    /// <summary>A whole date with or without a time and a zone (ISO 8601, RFC 3339), or seconds or milliseconds since 1970.</summary>
    const string Times =
        "^(?:19|2[0-2])[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])" +
        "(?:[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.][0-9]+)?)?(?: ?(?:Z|[+-](?:0[0-9]|1[0-4])(?::?[0-5][0-9])?))?)?$" +
        "|^[0-9]{10}(?:[.][0-9]+)?$|^[0-9]{13}$";

    static readonly string[] True = ["true", "t", "yes", "y", "on", "enable", "enabled", "1"];
    static readonly string[] False = ["false", "f", "no", "n", "off", "disable", "disabled", "0"];

    /// <param name="column">Whose field is <c>fields.NAME</c>, a Nullable(String).</param>
    public static string Of(ColumnDefinition column) => column.Type switch
    {
        { IsText: true } => Field(column),
        { Kind: ColumnKind.Bool } => Bool(Field(column)),
        { Kind: ColumnKind.Float64 } => If($"isFinite({Cast(column)})", Cast(column)),
        { Kind: ColumnKind.Decimal } => If(IsExact(column), Cast(column)),
        { Kind: ColumnKind.DateTime64 } => If(IsTime(Field(column)), $"parseDateTime64BestEffortOrNull({Field(column)}, 3, 'UTC')"),
        _ => Cast(column),
    };

    static string Field(ColumnDefinition column) => $"fields.{column.Name}";

    static string Cast(ColumnDefinition column) => $"accurateCastOrNull({Field(column)}, {Sql.Text(column.Type.BareSql)})";

    static string If(string condition, string value) => $"if({condition}, {value}, NULL)";

    static string Bool(string field)
    {
        var words = string.Join(", ", True.Concat(False).Select(Sql.Text));
        var values = string.Join(", ", True.Select(_ => "true").Concat(False.Select(_ => "false")));
        return $"transform(lower({field}), [{words}], [{values}], NULL)";
    }

    /// <summary>A time without a zone is UTC, whatever zone the server is in.</summary>
    static string IsTime(string field)
    {
        var common = string.Join(" OR ", CommonTimes.Select(form => $"match({field}, {Sql.Text(form)})"));
        return $"(({common}) AND position({field}, '-00') = 0) OR match({field}, {Sql.Text(Times)})";
    }

    /// <summary>Not one digit is cut off; of nearly all numbers their form tells, at a sixth of what comparing takes.</summary>
    static string IsExact(ColumnDefinition column)
    {
        var field = Field(column);
        var isShort = $"match({field}, '^-?[0-9]+[.]?[0-9]{{0,{column.Type.Scale}}}$')";
        return $"{isShort} OR accurateCastOrNull({field}, 'Decimal(76, 38)') = {Cast(column)}";
    }
}
