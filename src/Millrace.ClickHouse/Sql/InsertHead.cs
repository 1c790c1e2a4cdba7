using System.Text;

namespace Millrace.ClickHouse.Sql;

/// <summary>
/// Where an INSERT that carries its rows along ends, and where the rows begin. ClickHouse's src/Parsers/ParserInsertQuery.cpp.
/// </summary>
/// <param name="StatementLength">Up to FORMAT or VALUES, exclusive.</param>
/// <param name="DataOffset">The first byte of the rows.</param>
readonly record struct InsertHead(int StatementLength, string Format, int DataOffset)
{
    const int NoBareName = -2;

    /// <summary>Where a table's name without a database begins; -1 for one with a database, and for a function.</summary>
    public int BareNameOffset { get; private init; }

    /// <summary>Behind the word SETTINGS; -1 where the statement has none.</summary>
    public int SettingsOffset { get; private init; }

    /// <returns>
    /// Null for anything but INSERT ... VALUES and INSERT ... FORMAT: another statement, INSERT ... SELECT, or not enough text yet.
    /// </returns>
    public static InsertHead? Find(ReadOnlySpan<byte> text)
    {
        var scanner = new SqlScanner(text);
        if (!MoveToInsert(ref scanner)) return null;
        var afterName = false;
        int bareName = -1, settings = -1;
        while (scanner.MoveNext())
        {
            if (scanner.Depth > 0) continue;
            if (!afterName)
            {
                afterName = !(scanner.IsWord("INTO"u8) || scanner.IsWord("TABLE"u8) || scanner.IsWord("FUNCTION"u8));
                if (afterName && bareName == -1) bareName = scanner.Start;
                if (scanner.IsWord("FUNCTION"u8)) bareName = NoBareName;
                continue;
            }
            if (scanner.IsSymbol('.')) (afterName, bareName) = (false, NoBareName);
            else if (scanner.IsWord("SETTINGS"u8)) settings = scanner.End;
            else if (scanner.IsWord("SELECT"u8) || scanner.IsWord("WITH"u8) || scanner.IsWord("FROM"u8)) return null;
            else if (FindData(text, scanner) is { } found)
                return found with { BareNameOffset = Math.Max(bareName, -1), SettingsOffset = settings };
        }
        return null;
    }

    /// <summary>
    /// The statement as it reads where database and settings are not the connection's. Its own settings come last, and so hold.
    /// </summary>
    /// <param name="text">What this was found in.</param>
    /// <param name="settings">As they stand behind SETTINGS; empty for none.</param>
    public byte[] StatementWith(ReadOnlySpan<byte> text, string? database, string settings)
    {
        var statement = text[..StatementLength];
        var clause = settings.Length == 0 ? "" : AsSent.Inserted(SettingsOffset < 0 ? $" SETTINGS {settings} " : $" {settings},");
        var clauseAt = SettingsOffset < 0 ? StatementLength : SettingsOffset;
        var nameAt = database is null || BareNameOffset < 0 ? 0 : BareNameOffset;
        var prefix = nameAt == 0 ? "" : AsSent.Inserted($"{SqlText.Name(database!)}.");
        return
        [
            .. statement[..nameAt], .. Encoding.UTF8.GetBytes(prefix), .. statement[nameAt..clauseAt],
            .. Encoding.UTF8.GetBytes(clause), .. statement[clauseAt..],
        ];
    }

    /// <summary>
    /// The table as the statement names it, which may be by a parameter; empty for one with a database, and for a function.
    /// </summary>
    public ReadOnlySpan<byte> BareName(ReadOnlySpan<byte> text)
    {
        if (BareNameOffset < 0) return [];
        var rest = text[BareNameOffset..StatementLength];
        var scanner = new SqlScanner(rest);
        scanner.MoveNext();
        return scanner.IsSymbol('{') ? rest[..(rest.IndexOf((byte)'}') + 1)] : scanner.Token;
    }

    /// <summary>An INSERT may have a WITH list in front of it.</summary>
    static bool MoveToInsert(ref SqlScanner scanner)
    {
        if (!scanner.MoveNext()) return false;
        if (!scanner.IsWord("WITH"u8)) return scanner.IsWord("INSERT"u8);
        for (var isAName = true; scanner.MoveNext(); isAName = StatementText.NextWordIsAName(scanner))
        {
            if (scanner.Depth > 0 || isAName) continue;
            if (scanner.IsWord("INSERT"u8)) return true;
            if (scanner.IsWord("SELECT"u8) || scanner.IsWord("FROM"u8)) return false;
        }
        return false;
    }

    static InsertHead? FindData(ReadOnlySpan<byte> text, SqlScanner scanner)
    {
        if (scanner.IsWord("VALUES"u8)) return new InsertHead(scanner.Start, "Values", scanner.End);
        return scanner.IsWord("FORMAT"u8) ? AfterFormat(text, scanner) : null;
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
