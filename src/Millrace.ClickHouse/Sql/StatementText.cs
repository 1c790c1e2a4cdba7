using System.Text;

namespace Millrace.ClickHouse.Sql;

/// <summary>What the host must know of a statement before the engine parses it. Immutable.</summary>
sealed class StatementText
{
    readonly byte[] _text;
    readonly int _length;
    int _formatOffset = -1;

    StatementText(byte[] text, int length)
    {
        _text = text;
        _length = length;
    }

    /// <summary>Without the semicolon at its end.</summary>
    public ReadOnlySpan<byte> Text => _text.AsSpan(0, _length);

    /// <summary>No token but comments and semicolons.</summary>
    public bool IsEmpty { get; private set; }

    /// <summary>Where a second statement begins; -1 when there is one statement only.</summary>
    public int SecondStatementOffset { get; private set; } = -1;

    /// <summary>A query whose result may be large: SELECT, also as WITH ... SELECT, FROM ... SELECT and (SELECT ...).</summary>
    public bool IsSelect { get; private set; }

    /// <summary>INSERT, also as WITH ... INSERT.</summary>
    public bool IsInsert { get; private set; }

    /// <summary>It has a result even where that is empty. Others, CREATE or SET say, have one only when something came.</summary>
    public bool GivesResult { get; private set; }

    public bool IsKillQuery { get; private set; }

    /// <summary>SET or USE: what it changes belongs to the connection.</summary>
    public bool ChangesConnection { get; private set; }

    /// <summary>What it makes is there for its connection only.</summary>
    public bool MakesTemporaryTable { get; private set; }

    public bool WritesIntoFile { get; private set; }

    /// <summary>INSERT ... FROM INFILE 'path': the client's own file, which over HTTP would be the host's.</summary>
    public bool ReadsFromFile { get; private set; }

    /// <summary>
    /// The word after FORMAT at the end; null when there is none. In a SELECT it may be a name all the same, as in ORDER BY format DESC:
    /// then the engine parses the statement but not <see cref="IntoFile"/>, and <see cref="WithFormatAsAName"/> is what it says.
    /// </summary>
    public string? Format { get; private set; }

    public static StatementText Parse(byte[] text)
    {
        var statement = new StatementText(text, EndWithoutSemicolon(text, out var second)) { SecondStatementOffset = second };
        statement.ReadClauses();
        return statement;
    }

    /// <summary>
    /// The same statement with its result written to <paramref name="path"/> by the engine. Only for <see cref="IsSelect"/>.
    /// </summary>
    public byte[] IntoFile(string path)
    {
        var at = _formatOffset < 0 ? _length : _formatOffset;
        var clause = Encoding.UTF8.GetBytes(AsSent.InsertedLine($"INTO OUTFILE '{path}' TRUNCATE"));
        return [.. _text.AsSpan(0, at), .. clause, .. _text.AsSpan(at, _length - at)];
    }

    /// <summary>The same statement, in which FORMAT is no clause.</summary>
    public StatementText WithFormatAsAName()
    {
        var statement = (StatementText)MemberwiseClone();
        statement.Format = null;
        statement._formatOffset = -1;
        return statement;
    }

    /// <summary>
    /// The same statement with every query_id replaced by the setting that stands in for it. Only for <see cref="IsKillQuery"/>.
    /// </summary>
    public byte[] ByTag(string setting)
    {
        var result = new List<byte>();
        var copied = 0;
        var scanner = new SqlScanner(Text);
        while (scanner.MoveNext())
        {
            if (!scanner.IsWord("QUERY_ID"u8)) continue;
            result.AddRange(Text[copied..scanner.Start]);
            result.AddRange(Encoding.ASCII.GetBytes($"Settings['{setting}']"));
            copied = scanner.End;
        }
        result.AddRange(Text[copied..]);
        return [.. result];
    }

    static int EndWithoutSemicolon(byte[] text, out int second)
    {
        second = -1;
        var end = -1;
        var scanner = new SqlScanner(text);
        while (scanner.MoveNext())
        {
            if (scanner.IsSymbol(';')) end = end < 0 ? scanner.Start : end;
            else if (end >= 0)
            {
                second = scanner.Start;
                break;
            }
        }
        return end < 0 ? text.Length : end;
    }

    void ReadClauses()
    {
        var scanner = new SqlScanner(Text);
        IsEmpty = !scanner.MoveNext();
        if (IsEmpty) return;
        IsSelect = scanner.IsWord("SELECT"u8) || scanner.IsWord("WITH"u8) || scanner.IsWord("FROM"u8) || scanner.IsSymbol('(');
        IsInsert = scanner.IsWord("INSERT"u8);
        GivesResult = IsSelect || scanner.IsWord("SHOW"u8) || scanner.IsWord("DESCRIBE"u8) || scanner.IsWord("DESC"u8)
            || scanner.IsWord("EXISTS"u8) || scanner.IsWord("EXPLAIN"u8) || scanner.IsWord("CHECK"u8) || scanner.IsWord("KILL"u8);
        var killed = scanner.IsWord("KILL"u8);
        ChangesConnection = scanner.IsWord("SET"u8) || scanner.IsWord("USE"u8);
        var makes = scanner.IsWord("CREATE"u8) || scanner.IsWord("ATTACH"u8) || scanner.IsWord("REPLACE"u8);
        var inWithList = scanner.IsWord("WITH"u8);
        var nextWordIsAName = inWithList || NextWordIsAName(scanner);
        var afterInto = false;
        for (var index = 1; scanner.MoveNext(); index++)
        {
            if (index == 1) IsKillQuery = killed && scanner.IsWord("QUERY"u8);
            // CREATE OR REPLACE TEMPORARY is the longest way there.
            if (index <= 3) MakesTemporaryTable |= makes && scanner.IsWord("TEMPORARY"u8);
            if (scanner.Depth == 0)
            {
                inWithList &= !scanner.IsWord("SELECT"u8) && !scanner.IsWord("FROM"u8);
                if (inWithList && !nextWordIsAName && scanner.IsWord("INSERT"u8)) (IsInsert, IsSelect, GivesResult) = (true, false, false);
                if (afterInto && scanner.IsWord("OUTFILE"u8)) WritesIntoFile = true;
                ReadClause(scanner, nextWordIsAName);
            }
            nextWordIsAName = NextWordIsAName(scanner);
            afterInto = scanner.IsWord("INTO"u8);
        }
    }

    /// <summary>
    /// After FROM, JOIN, AS, a dot or a comma stands the name of a table, a column or an alias, even where it reads like a clause.
    /// </summary>
    public static bool NextWordIsAName(SqlScanner scanner) =>
        scanner.IsWord("FROM"u8) || scanner.IsWord("JOIN"u8) || scanner.IsWord("AS"u8) || scanner.IsSymbol('.') || scanner.IsSymbol(',');

    void ReadClause(SqlScanner scanner, bool isAName)
    {
        if (scanner.IsWord("INFILE"u8) && isAName) ReadsFromFile |= scanner.MoveNext() && scanner.Kind == SqlTokenKind.Quoted;
        if (isAName || !scanner.IsWord("FORMAT"u8)) return;
        var offset = scanner.Start;
        if (!scanner.MoveNext() || scanner.Kind != SqlTokenKind.Word) return;
        var format = Encoding.ASCII.GetString(scanner.Token);
        // The clause is the last one, but for SETTINGS (ClickHouse's src/Parsers/ParserQueryWithOutput.cpp); anywhere else the word is a
        // name.
        if (scanner.MoveNext() && !scanner.IsWord("SETTINGS"u8)) return;
        Format = format;
        _formatOffset = offset;
    }
}
