using System.Globalization;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;
using Millrace.Streams.Types;

namespace Millrace.Streams.Ddl;

/// <summary>
/// A record's fields with the digits that were sent. ClickHouse's parser (simdjson) makes a double of every number with a point or an
/// exponent, and refuses a whole record for one integer of more than 64 bits, one number beyond a double or one lone surrogate, all of
/// which are valid JSON. So the numbers are quoted for it, between marks. This is for the records that need it
/// (<see cref="ParseViewSql"/>). What is no valid JSON has no fields here either. Tests: SentJsonTests, ValuesTests, PoisonTests.
/// </summary>
static class SentJson
{
    /// <summary>
    /// U+FDD0, a noncharacter that Unicode keeps for a program's own use.
    /// In a text it becomes U+FFFD, as a lone surrogate does.
    /// </summary>
    const string Mark = "\uFDD0";

    /// <summary>A string, a number, what lies between them, or a single character. None matches bytes that are no UTF-8.</summary>
    const string Tokens = """(?s)"(?:[^"\\]|\\.)*"|-?(?:0|[1-9][0-9]*)(?:[.][0-9]+)?(?:[eE][+-]?[0-9]+)?|[^"0-9-]+|.""";

    /// <summary>Within a string: a pair of surrogates, what is to become U+FFFD, another escape, or text.</summary>
    const string Parts =
        """(?s)\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}""" +
        $"""|{Unreadable}|\\.|[^\\{Mark}]+""";

    const string Unreadable = $$"""\\u(?:[dD][89a-fA-F][0-9a-fA-F]{2}|[fF][dD][dD]0)|{{Mark}}""";

    /// <summary>
    /// The record with each number as a string between marks; empty where a number is the name of a field, which the quotes would make
    /// valid, and where bytes are no UTF-8.
    /// </summary>
    public static string Readable(string message)
    {
        var tokens = $"extractAll({message}, {Sql.Text(Tokens)})";
        var number = $"""concat('"{Mark}', token, '{Mark}"')""";
        var token = $"multiIf(match(token, '^-?[0-9]'), {number}, match(token, {Sql.Text(Unreadable)}), {Text("token")}, token)";
        var readable = $"arrayStringConcat(arrayMap(token -> {token}, {tokens}))";
        var isWhole = $"length(arrayStringConcat({tokens})) = length({message})";
        return $"if({isWhole}, replaceRegexpOne({readable}, {Sql.Text($"""(?s)^.*{Mark}"[ \t\r\n]*:.*$""")}, ''), '')";
    }

    /// <summary>
    /// What a record that is read again is read from: <see cref="Readable"/> of JSON, and what another format makes of it.
    /// </summary>
    /// <param name="isReadAgain">Which records of JSON: of the others it is empty. null for all.</param>
    public static string OfRecord(StreamDefinition stream, string? isReadAgain)
    {
        if (!stream.Format.IsJson) return stream.Format.ToJson("kafka_value");
        return isReadAgain is null ? Readable("kafka_value") : $"if({isReadAgain}, {Readable("kafka_value")}, '')";
    }

    /// <summary>
    /// How the records that are read again have their values taken apart, beside which those of their block are as parsed.
    /// </summary>
    public static JsonReading Reading { get; } = new(
        text => $"if(_is_lossy, {Readable(text)}, {text})",
        texts => $"if(_is_lossy, {TextsOf(texts)}, {texts})");

    /// <summary>
    /// Texts that were extracted from the readable record, as they were sent: a number as the types read it from the parser, with its
    /// digits. An array.
    /// </summary>
    /// <param name="texts">Each of type Nullable(String).</param>
    public static string TextsOf(IEnumerable<string> texts) => TextsOf($"CAST([{string.Join(", ", texts)}], 'Array(Nullable(String))')");

    static string TextsOf(string texts)
    {
        var number = $"arrayMap(number -> {Plain("number")}, [replaceAll(text, '{Mark}', '')])[1]";
        return $"arrayMap(text -> if(startsWith(text, '{Mark}'), {number}, {WithoutMarks("text")}), {texts})";
    }

    /// <summary>
    /// The JSON that was sent as the column's value, empty where there is none; <c>sent_json</c> is what <see cref="Readable"/> gave.
    /// </summary>
    /// <param name="table">Qualifies what is of the record; empty for nothing.</param>
    public static string Of(StreamDefinition stream, ColumnDefinition column, string table = "") => column.Path is { } path
        ? WithoutMarks(RecordFields.Raw(path, table == "" ? "_sent_json" : $"{table}._sent_json"))
        : $"ifNull(toJSONString({new RecordFields(stream, table).TextBesideJson(column)}), '')";

    static string Text(string token) =>
        $"arrayStringConcat(arrayMap(part -> if(match(part, {Sql.Text($"^(?:{Unreadable})$")}), '\\\\ufffd', part), " +
        $"extractAll({token}, {Sql.Text(Parts)})))";

    /// <summary>
    /// What the parser makes of a number where it loses nothing that counts (docs/VALUES.md: 15 digits), else the number as it was sent,
    /// without exponent where a Decimal writes all its digits. -0 is the integer 0 to the parser.
    /// </summary>
    static string Plain(string json)
    {
        var parsed = $"toString(toFloat64OrZero({json}))";
        var isParsed = $"length({parsed}) <= {NumberSql.DoubleDigits} AND position({parsed}, 'inf') = 0";
        return $"multiIf(NOT match({json}, '^-?[0-9]+[.eE]'), if({json} = '-0', '0', {json}), " +
            $"{isParsed} AND position({parsed}, 'e') = 0, {parsed}, " +
            $"{isParsed} OR match({json}, '[eE]|[.]0+$'), {Written($"if({isParsed}, {parsed}, {json})")}, {json})";
    }

    /// <summary>
    /// Without exponent and zeros at the end, where a Decimal of 76 digits has all of them, with 38 after the point or with none.
    /// </summary>
    static string Written(string number)
    {
        static string As(int scale) => string.Create(
            CultureInfo.InvariantCulture,
            $"if({NumberSql.Scale("number")} <= {scale}, toString(toDecimal256OrNull(number, {scale})), NULL)");
        return $"arrayMap(number -> if({NumberSql.IsNumber("number")}, coalesce({As(38)}, {As(0)}, number), number), [{number}])[1]";
    }

    static string WithoutMarks(string json) => $"""replaceAll(replaceAll({json}, '"{Mark}', ''), '{Mark}"', '')""";
}
