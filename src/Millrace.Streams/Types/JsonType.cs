namespace Millrace.Streams.Types;

/// <summary>
/// <c>JSON</c>: an object with any fields. It holds what ClickHouse's parser holds, integers of 64 bits and doubles; a record with another
/// number in it is refused (docs/VALUES.md).
/// </summary>
sealed record JsonType : ColumnType
{
    public override string Name => "JSON";

    public override bool HoldsJson => true;

    internal override bool CanBeKey => false;

    /// <summary>
    /// Of the view that makes such values: a text that looks like a date stays one, and of a name that occurs twice the first counts.
    /// </summary>
    internal const string Settings =
        "input_format_try_infer_dates = 0, input_format_try_infer_datetimes = 0, type_json_skip_duplicated_paths = 1";

    public static JsonType? Read(TypeText type) => type is { Word: "JSON", Arguments: [] } ? new JsonType() : null;

    public override string? Json(DefaultValue value) => value.Fields is null ? null : value.Any();

    internal override IEnumerable<string> EndTexts => ["{}", """{"a":"b","c":[1,{"d":null}]}"""];

    /// <summary>ClickHouse's own cast throws and catches for each text that is none.</summary>
    internal override string Value(string field) =>
        Cast($"if(startsWith(trimLeft({field}), '{{') AND isValidJSON({field}), {field}, NULL)");

    internal override string ChangedForm(string before) => "[0-9]{20}|" + CompositeType.JsonInText;

    /// <summary>From 1e20 on the parser writes a double as a whole number that it would not read.</summary>
    internal override string IsChanged(string text, string jsonType) =>
        $"(ascii({text}) = 123 AND (match({text}, '[0-9]{{20}}') OR NOT isValidJSON({text})))";

    internal override string IsWanted(string column, string text) => $"toString({column}) = toString({Value($"toNullable({text})")})";
}
