using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;

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

    /// <summary>The JSON that was sent as the column's value, empty where there is none; <c>sent_json</c> is what <see cref="Readable"/>
    /// gave.</summary>
    /// <param name="table">Qualifies what is of the record; empty for nothing.</param>
    public static string Of(StreamDefinition stream, ColumnDefinition column, string table = "") => column.Path is { } path
        ? WithoutMarks(RecordFields.Raw(path, table == "" ? "sent_json" : $"{table}.sent_json"))
        : $"ifNull(toJSONString({new RecordFields(stream, table).Text(column, "", "")}), '')";

    static string Text(string token) =>
        $"arrayStringConcat(arrayMap(part -> if(match(part, {Sql.Text($"^(?:{Unreadable})$")}), '\\\\ufffd', part), " +
        $"extractAll({token}, {Sql.Text(Parts)})))";

    /// <summary>What was sent, from a value of the readable record: its JSON, or its text.</summary>
    public static string WithoutMarks(string value) =>
        $"""replaceAll(replaceAll(replaceAll({value}, '"{Mark}', ''), '{Mark}"', ''), '{Mark}', '')""";
}
