using System.Text;

namespace Millrace.ClickHouse.Sql;

/// <summary>Where an INSERT that carries its rows along ends, and where the rows begin. ClickHouse's src/Parsers/ParserInsertQuery.cpp.</summary>
/// <param name="StatementLength">Up to FORMAT or VALUES, exclusive.</param>
/// <param name="DataOffset">The first byte of the rows.</param>
readonly record struct InsertHead(int StatementLength, string Format, int DataOffset)
{
    /// <returns>Null for anything but INSERT ... VALUES and INSERT ... FORMAT: another statement, INSERT ... SELECT, or not enough text yet.</returns>
    public static InsertHead? Find(ReadOnlySpan<byte> text)
    {
        var scanner = new SqlScanner(text);
        if (!scanner.MoveNext() || !scanner.IsWord("INSERT"u8)) return null;
        var afterName = false;
        while (scanner.MoveNext())
        {
            if (scanner.Depth > 0) continue;
            if (!afterName)
            {
                afterName = !(scanner.IsWord("INTO"u8) || scanner.IsWord("TABLE"u8) || scanner.IsWord("FUNCTION"u8));
                continue;
            }
            if (scanner.IsSymbol('.')) afterName = false;
            else if (scanner.IsWord("SELECT"u8) || scanner.IsWord("WITH"u8) || scanner.IsWord("FROM"u8)) return null;
            else if (scanner.IsWord("VALUES"u8)) return new InsertHead(scanner.Start, "Values", scanner.End);
            else if (scanner.IsWord("FORMAT"u8)) return AfterFormat(text, scanner);
        }
        return null;
    }

    static InsertHead? AfterFormat(ReadOnlySpan<byte> text, SqlScanner scanner)
    {
        var statement = scanner.Start;
        if (!scanner.MoveNext() || scanner.Kind != SqlTokenKind.Word) return null;
        return new InsertHead(statement, Encoding.ASCII.GetString(scanner.Token), SkipToData(text, scanner.End));
    }

    // Rows begin after the format's name, blanks on its line and one line break; a binary format may begin with any byte after that.
    static int SkipToData(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && text[at] is (byte)' ' or (byte)'\t' or (byte)'\f') at++;
        if (at < text.Length && text[at] == ';') at++;
        if (at < text.Length && text[at] == '\r') at++;
        if (at < text.Length && text[at] == '\n') at++;
        return at;
    }
}
