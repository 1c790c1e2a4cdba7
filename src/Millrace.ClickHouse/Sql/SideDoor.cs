using System.Buffers;
using System.Collections.Frozen;
using System.Text;

namespace Millrace.ClickHouse.Sql;

/// <summary>What a statement may not name, because it leads out of the engine and has no access right that could be withheld.</summary>
/// <param name="Name">As ClickHouse calls it.</param>
readonly record struct SideDoor(string Name, SideDoorKind Kind)
{
    /// <summary>
    /// A statement without one of these has no such thing: the engine takes keywords and names only in plain ASCII, and a quoted name is
    /// written otherwise than it reads only with a backslash.
    /// </summary>
    static readonly SearchValues<string> Signs = SearchValues.Create(
        [
            "file", "dictionary", "executable", "rocksdb", "disk", "arrowstream", "backup", "datalake", "eval", "queryrunner", "sqlite",
            "\\",
        ],
        StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Functions and engines by the name before their bracket: other programs, other servers, an address in memory, SQL in a string, a
    /// file opened before the right is asked for.
    /// </summary>
    static readonly FrozenSet<string> Closed = new[]
    {
        "executable", "ExecutablePool", "arrowStream", "Backup", "DataLakeCatalog", "eval", "QueryRunner", "disk", "sqlite",
        // In brackets stands a folder: src/Storages/RocksDB/StorageEmbeddedRocksDB.cpp.
        "EmbeddedRocksDB",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Engines, with a bracket or without. The tables of a database Filesystem are paths.</summary>
    static readonly FrozenDictionary<string, SideDoorKind> ClosedEngines = new Dictionary<string, SideDoorKind>
    {
        ["QueryRunner"] = SideDoorKind.Name,
        ["Filesystem"] = SideDoorKind.File,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>One of their arguments is a path.</summary>
    static readonly FrozenSet<string> OfFiles = new[] { "file", "fileCluster", "filesystem" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>What stands before them where a table that can be written is made of the path: it must be spelled out.</summary>
    static readonly FrozenSet<string> BeforeWritten = new[] { "FUNCTION", "AS", "=" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>
    /// What a dictionary may say of its source: a table of this engine. QUERY would be SQL in a string, HOST another server.
    /// </summary>
    static readonly FrozenSet<string> OfOwnTable =
        new[] { "TABLE", "DB", "USER", "PASSWORD" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Statements that name a table of the engine before anything else: the bracket behind its name holds columns or changes.
    /// </summary>
    static readonly FrozenSet<string> OnOwnTables =
        new[] { "CREATE", "ATTACH", "REPLACE", "ALTER", "INSERT" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>What stands before that name. A table may so be called disk, or eval.</summary>
    static readonly FrozenSet<string> BeforeOwnTable =
        new[] { "TABLE", "INTO", "EXISTS", "VIEW", "DICTIONARY", "TO", "ON", "." }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>What ends that part of the statement, as its first bracket does: behind it may stand a function or an engine.</summary>
    static readonly FrozenSet<string> AfterOwnTable =
        new[] { "AS", "SELECT", "FROM", "FUNCTION", "ENGINE", "WITH", "=" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether <see cref="Find"/> could find one. Costs some 100 ns for each KiB.</summary>
    public static bool MayBeIn(ReadOnlySpan<byte> statement) => Contains(statement, Signs);

    /// <summary>Whether one of the words is somewhere in the text.</summary>
    public static bool Contains(ReadOnlySpan<byte> text, SearchValues<string> words)
    {
        var buffer = ArrayPool<char>.Shared.Rent(text.Length);
        Encoding.Latin1.GetChars(text, buffer);
        var found = buffer.AsSpan(0, text.Length).ContainsAny(words);
        ArrayPool<char>.Shared.Return(buffer);
        return found;
    }

    /// <param name="canonical">As <see cref="EngineSession.Canonical"/> gives it.</param>
    /// <param name="files">What <c>file</c> may open: another path is refused here where the statement spells it out or would write it,
    /// by the kernel where it only reads a path that it computes. Null: nothing.</param>
    public static SideDoor? Find(ReadOnlySpan<byte> canonical, FilePaths? files)
    {
        var scanner = new SqlScanner(canonical);
        var (before, name) = ("", "");
        bool? namesTable = null;
        while (scanner.MoveNext())
        {
            var isOwn = namesTable == true && name != "SOURCE" && BeforeOwnTable.Contains(before);
            var isBracket = scanner.IsSymbol('(');
            if (isBracket && !isOwn && AtBracket(before, name, files, ref scanner) is { } door) return door;
            var token = Text(scanner);
            namesTable = (namesTable ?? OnOwnTables.Contains(token)) && !isBracket && !AfterOwnTable.Contains(token);
            if (before == "ENGINE" && name == "=" && ClosedEngines.TryGetValue(token, out var kind)) return new SideDoor(token, kind);
            if (scanner.Kind == SqlTokenKind.Quoted && Clause(before, name) is { } clause) return clause;
            (before, name) = (name, token);
        }
        return null;
    }

    static SideDoor? AtBracket(string before, string name, FilePaths? files, ref SqlScanner scanner)
    {
        if (Closed.Contains(name)) return new SideDoor(name, SideDoorKind.Name);
        if (name == "SOURCE") return OfDictionary(ref scanner);
        if (!OfFiles.Contains(name)) return null;
        var isOpen = files is not null && OpensOnly(files, before, name, ref scanner);
        return isOpen ? null : new SideDoor(name, SideDoorKind.File);
    }

    static SideDoor? Clause(string before, string name) => (before, name) switch
    {
        ("INTO", "OUTFILE") => new SideDoor("INTO OUTFILE", SideDoorKind.IntoOutfile),
        ("FROM", "INFILE") => new SideDoor("FROM INFILE", SideDoorKind.FromInfile),
        _ => null,
    };

    // SOURCE(CLICKHOUSE(TABLE 'x' DB 'y')): the scanner stands at the outer bracket, and afterwards at the inner one that closes.
    static SideDoor? OfDictionary(ref SqlScanner scanner)
    {
        if (!scanner.MoveNext() || scanner.Kind != SqlTokenKind.Word || scanner.IsWord("NULL"u8)) return null;
        if (!scanner.IsWord("CLICKHOUSE"u8)) return new SideDoor($"SOURCE({Text(scanner)})", SideDoorKind.Name);
        var outside = scanner.Depth;
        for (scanner.MoveNext(); scanner.MoveNext() && scanner.Depth > outside;)
            if (scanner.Kind == SqlTokenKind.Word && !OfOwnTable.Contains(Text(scanner)))
                return new SideDoor($"SOURCE(CLICKHOUSE({Text(scanner)}))", SideDoorKind.Name);
        return null;
    }

    /// <summary>
    /// The path is the first argument, or the second of ENGINE = File(format, path) and of fileCluster(cluster, path). A string among the
    /// two that is none reads as a name in user_files. The scanner stands at the bracket, and afterwards at the last argument it looked at.
    /// </summary>
    static bool OpensOnly(FilePaths files, string before, string name, ref SqlScanner scanner)
    {
        var isWritten = BeforeWritten.Contains(before);
        var isSecond = before == "=" || name.Equals("fileCluster", StringComparison.OrdinalIgnoreCase);
        for (var argument = 0; argument < 2; argument++)
        {
            if (!scanner.MoveNext() || scanner.IsSymbol(')')) return true;
            var isNoPath = isSecond && argument == 0;
            if (scanner.Token[0] == '\'' ? !files.Opens(scanner.Token) : isWritten && !isNoPath) return false;
            if (!scanner.MoveNext() || !scanner.IsSymbol(',')) return !isWritten || scanner.IsSymbol(')');
            if (!isSecond) return true;
        }
        return true;
    }

    static string Text(SqlScanner scanner)
    {
        var text = Encoding.UTF8.GetString(scanner.Token);
        return text[0] is '`' or '"' ? text.Trim(text[0]) : text;
    }
}

/// <summary>How a side door is refused.</summary>
enum SideDoorKind
{
    /// <summary>A function, an engine or a dictionary's source.</summary>
    Name,

    /// <summary>A path that is not open, where the statement spells it out.</summary>
    File,

    IntoOutfile,
    FromInfile,
}
