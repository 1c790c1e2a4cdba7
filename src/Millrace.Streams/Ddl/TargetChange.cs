using System.Text.RegularExpressions;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;
using Millrace.Streams.Types;

namespace Millrace.Streams.Ddl;

/// <summary>
/// Compares a target table with its definition. It may gain columns, and change those it has; a column is dropped where its loss is allowed
/// by name. What no ALTER does a rebuild does.
/// </summary>
sealed class TargetChange
{
    /// <summary>The columns every target table has besides the stream's own.</summary>
    static readonly string[] OwnColumns =
        [.. StoredRange.OriginColumns.Append(TargetTableSql.InsertedAt).Select(Sql.NameOf)];

    /// <summary>Clauses that a user may have given a table.</summary>
    static readonly string[] Clauses = [" PARTITION BY ", " PRIMARY KEY ", " SAMPLE BY ", " TTL "];

    readonly StreamDefinition _stream;
    readonly string _stand;
    readonly DatabaseState _state;
    readonly TableState _table;
    readonly Dictionary<string, ColumnState> _stored;
    readonly Dictionary<string, string> _renamed;

    TargetChange(StreamDefinition stream, string stand, DatabaseState state, TableState table)
    {
        (_stream, _stand, _state, _table) = (stream, stand, state, table);
        _stored = state.ColumnsOf(table.Name).ToDictionary(column => column.Name);
        _renamed = stream.Columns
            .Where(column => column.Was is { } was && _stored.ContainsKey(was) && !_stored.ContainsKey(column.Name))
            .ToDictionary(column => column.Name, column => column.Was!);
    }

    /// <exception cref="DdlRefusedException">The table can't become what the definition says, or is another stand's.</exception>
    public static TargetSteps Of(StreamDefinition stream, string stand, DatabaseState state)
    {
        if (state.Find(stream.TargetTable) is not { } table)
        {
            var create = new Operation(OperationKind.CreateObject, stream.TargetTable, $"there is no {stream.TargetTable}")
            {
                Stream = stream.Name,
            };
            return new TargetSteps([new DdlStatement(TargetTableSql.Create(stream, stand), create)]);
        }
        Ownership.RequireTable(table, stand, $"give stream {stream.Name} another table (table:)");
        return new TargetChange(stream, stand, state, table).Compute();
    }

    TargetSteps Compute()
    {
        RequireStored();
        var rebuild = RebuildReason() is { } reason ? Rebuild(reason) : null;
        IReadOnlyList<DdlStatement> leftovers =
        [
            .. TableRebuild.Leftovers(_table, _stand, _state).Where(left => rebuild?.Makes(left.Name) != true)
                .Select(left => DdlStatement.Drop(left.Name, $"a rebuild of {_table.Name} left it, which has all its rows")),
        ];
        if (rebuild is not null) return new TargetSteps([]) { Rebuild = rebuild, Leftovers = leftovers };
        List<(string Sql, Operation Does)> alters = [.. Alters()];
        return new TargetSteps([.. alters.Select(Alter), .. StoredRange.Statements(_table.Name, _state)])
        {
            Leftovers = leftovers,
            Rehearsal = alters.Exists(alter => alter.Does.Kind is OperationKind.RenameColumn or OperationKind.DropColumn)
                ? Rehearse(alters)
                : [],
        };
    }

    /// <summary>A value that the table computes can't be inserted.</summary>
    void RequireStored()
    {
        if (_stream.Columns.FirstOrDefault(column => StoredAs(column) is { DefaultKind: not ("" or "DEFAULT") }) is { } computed)
            throw new DdlRefusedException(
                $"{_table.Name} computes {computed.Name} itself ({StoredAs(computed)!.DefaultKind}): "
                    + "give the stream's column another name, or drop the table's (ALTER TABLE ... DROP COLUMN)");
    }

    /// <summary>All that the new table has otherwise; null where ALTER does it.</summary>
    string? RebuildReason()
    {
        var (actual, wanted) = (SortingKey, TargetTableSql.SortingKey(_stream));
        if (actual == wanted && !_stream.Columns.Any(column => Differs(column) && (IsKey(column) || !Widens(column)))) return null;
        string[] key = actual == wanted ? [] : [$"is sorted by ({actual}), not by ({wanted})"];
        return string.Join(", ",
        [
            .. key,
            .. _stream.Columns.Where(Differs)
                .Select(column => $"holds {column.Name} as {StoredAs(column)!.Type}, not as {column.Type.Sql}"),
            .. _renamed.Select(renamed => $"calls {renamed.Key} {renamed.Value}"),
            .. _stream.Columns.Where(column => StoredAs(column) is null).Select(column => $"has no column {column.Name}"),
        ]);
    }

    /// <summary>Some versions show the parentheses around a key of one column.</summary>
    string SortingKey => _table.SortingKey.Trim('(', ')');

    bool IsKey(ColumnDefinition column) => _stream.OrderKey.Contains(column.Name);

    /// <summary>null for a column that is new.</summary>
    ColumnState? StoredAs(ColumnDefinition column) => _stored.GetValueOrDefault(_renamed.GetValueOrDefault(column.Name, column.Name));

    bool Differs(ColumnDefinition column) => StoredAs(column) is { } stored && stored.Type != column.Type.Sql;

    /// <summary>ClickHouse converts all values of before, and can't fail.</summary>
    bool Widens(ColumnDefinition column) =>
        ColumnTypes.Parse(StoredAs(column)!.Type) is { } before
        && (column.Type.IsNullable || !before.IsNullable)
        && column.Type.Holds(before with { IsNullable = false });

    /// <summary>
    /// What follows ALTER TABLE. A RENAME waits for rewrites before it, so it comes first, and what rewrites comes last. A column that a TTL
    /// no longer reads goes after the TTL has changed.
    /// </summary>
    IEnumerable<(string Sql, Operation Does)> Alters()
    {
        foreach (var (name, was) in _renamed)
            yield return (
                $"RENAME COLUMN {was} TO {name}", Of(OperationKind.RenameColumn, was, $"it is {name} now") with { Becomes = name });
        foreach (var column in _stream.Columns.Where(column => StoredAs(column) is null))
            yield return (
                TargetTableSql.AddColumn(_stream, column),
                Of(OperationKind.AddColumn, column.Name, $"{_table.Name} has no column {column.Name}") with { Becomes = column.Type.Sql });
        foreach (var kept in _stream.Columns.Where(column => StoredAs(column) is not null).SelectMany(Keeping)) yield return kept;
        foreach (var dropped in Dropped()) yield return ($"DROP COLUMN IF EXISTS {Sql.Name(dropped.Column!)}", dropped);
        foreach (var column in _stream.Columns.Where(Differs))
            yield return ($"MODIFY COLUMN {column.Name} {column.Type.Sql}", Modify(column));
    }

    /// <summary>
    /// How the column is kept, where the definition says it otherwise. A codec or a comment that it does not state stays, as the user may
    /// have given it; a TTL that it does not state goes, so that no value is lost for a line that was removed.
    /// </summary>
    IEnumerable<(string Sql, Operation Does)> Keeping(ColumnDefinition column)
    {
        var stored = StoredAs(column)!;
        if (column.Comment is { } comment && comment != stored.Comment)
            yield return ($"COMMENT COLUMN {column.Name} {Sql.Text(comment)}", Keep(column, $"COMMENT {Sql.Text(comment)}"));
        if (column.Codec is { } codec && !Codec.IsStored(codec, stored.Codec))
            yield return ($"MODIFY COLUMN {column.Name} CODEC({codec})", Keep(column, $"CODEC({codec})"));
        if (_state.Ttls is not { } ttls || StoredTtl(ttls, stored) == ttls.Wanted(column)) yield break;
        if (column.Ttl is not { } ttl) yield return ($"MODIFY COLUMN {column.Name} REMOVE TTL", Keep(column, "no TTL"));
        else yield return ($"MODIFY COLUMN {column.Name} TTL {ttl}", Expire(column, ttl));
    }

    /// <summary>As it is once columns are renamed, in which ClickHouse rewrites it.</summary>
    string StoredTtl(ColumnTtls ttls, ColumnState stored)
    {
        var next = _state.ColumnsOf(_table.Name).SkipWhile(column => column.Name != stored.Name).Skip(1).FirstOrDefault();
        return _renamed.Aggregate(ttls.Of(stored, next), (ttl, renamed) => Regex.Replace(ttl, $@"\b{renamed.Value}\b", renamed.Key));
    }

    Operation Keep(ColumnDefinition column, string becomes) =>
        Of(OperationKind.KeepColumn, column.Name, "the definition says so") with { Becomes = becomes };

    /// <summary>ClickHouse empties what is past its time at once.</summary>
    Operation Expire(ColumnDefinition column, string ttl)
    {
        var expire = Keep(column, $"TTL {ttl}") with { Kind = OperationKind.ExpireColumn, Rows = _table.Rows, Bytes = _table.Bytes };
        return _table.Rows == 0 ? expire : expire with { LosesRows = _table.Rows, Needs = $"expire-column:{_stream.Name}.{column.Name}" };
    }

    /// <summary>An index, or a column that the user computes, may need the one that goes.</summary>
    IReadOnlyList<DdlStatement> Rehearse(List<(string Sql, Operation Does)> alters)
    {
        var copy = $"{_table.Name}_rehearsal";
        if (_state.Find(copy) is { } taken) Ownership.RequireTable(taken, _stand, "rename it (RENAME TABLE)");
        var first = alters[0].Does;
        return
        [
            new DdlStatement($"CREATE TABLE IF NOT EXISTS {copy} AS {_table.Name}", first, "to try the changes on nothing"),
            .. alters.Select(alter => new DdlStatement($"ALTER TABLE {copy} {alter.Sql}", alter.Does, "tried on nothing")),
            new DdlStatement($"DROP TABLE {copy} SYNC", first, "it has been tried"),
        ];
    }

    /// <exception cref="DdlRefusedException">The table has what its user gave it, and the new one would not.</exception>
    TableRebuild Rebuild(string reason)
    {
        RequireOfOurMaking(reason);
        var operation = Of(OperationKind.RebuildTable, null, $"{_table.Name} {reason}") with { Rows = _table.Rows, Bytes = _table.Bytes };
        var kept = _stored.Values.Where(column => column.DefaultKind != "" && !IsKnown(column.Name) && !IsFormerOwn(column.Name)).ToList();
        var taken = _stream.Columns.Where(column => StoredAs(column) is not null).ToList();
        return new TableRebuild(
            _table, _stand, _state, operation,
            name => TargetTableSql.Create(_stream, name, MarkedComment(), [.. kept.Select(Declared)]),
            [
                .. taken.Select(Conversion),
                .. OwnColumns.Concat(kept.Where(IsStored).Select(column => column.Name)).Select(CopiedColumn.AsItIs),
            ])
        {
            Drops = [.. Dropped(), .. taken.SelectMany(Keeping).Select(kept => kept.Does).Where(does => does.Needs is not null)],
        };
    }

    void RequireOfOurMaking(string reason)
    {
        var isPlain = _table.Engine == "MergeTree" && !Clauses.Any(clause => _table.EngineFull.Contains(clause, StringComparison.Ordinal));
        if (isPlain) return;
        throw new DdlRefusedException(
            $"{_table.Name} {reason}, and it can't be made anew as it was given more than a definition says ({_table.EngineFull}): "
                + "put the definition back, change the table yourself, or give the stream a new table name");
    }

    /// <summary>Of a table that names no stand the new one would be nobody's to clear up.</summary>
    string MarkedComment() => StandMark.OwnerIn(_table.Comment) is null
        ? $"{_table.Comment} {StandMark.OfTable(_stand)}".TrimStart()
        : _table.Comment;

    /// <summary>A column of the user's own; an ALIAS has no values.</summary>
    static bool IsStored(ColumnState column) => column.DefaultKind is "DEFAULT" or "MATERIALIZED";

    static string Declared(ColumnState column) => $"{Sql.Name(column.Name)} {column.Type} {column.DefaultKind} {column.DefaultExpression}";

    CopiedColumn Conversion(ColumnDefinition column)
    {
        var stored = StoredAs(column)!;
        if (!Differs(column)) return new CopiedColumn(column.Name, stored.Name);
        var before = ColumnTypes.Parse(stored.Type);
        if (column.Type is not (CompositeType or JsonType) && before is not (CompositeType or JsonType))
            return CopiedColumn.Converted(_table.Name, column, stored.Name, before);
        throw new DdlRefusedException(
            $"{_table.Name} holds {column.Name} as {stored.Type}, which does not become {column.Type.Sql} by itself: "
                + "put the definition back, give the new type a column of its own, or give the stream a new table name");
    }

    /// <summary>
    /// Columns that the definition no longer names. One with a default is the user's own, unless the stream has filled it.
    /// </summary>
    IEnumerable<Operation> Dropped() => _stored.Values
        .Where(column => column.DefaultKind == "" || IsFormerOwn(column.Name))
        .Where(column => !IsKnown(column.Name) && !_renamed.ContainsValue(column.Name))
        .Select(column => Of(OperationKind.DropColumn, column.Name, "the definition no longer names it") with
        {
            LosesRows = _table.Rows,
            Needs = $"drop-column:{_stream.Name}.{column.Name}",
        });

    /// <summary>The parsed table has the stream's columns first.</summary>
    bool IsFormerOwn(string column) => _state.ColumnsOf(_stream.ParsedTable).Select(parsed => parsed.Name)
        .TakeWhile(parsed => !OwnColumns.Contains(parsed)).Contains(column);

    bool IsKnown(string column) => OwnColumns.Contains(column) || _stream.Columns.Any(one => one.Name == column);

    Operation Modify(ColumnDefinition column) =>
        Of(OperationKind.ModifyColumn, column.Name, $"{_table.Name} holds {column.Name} as {StoredAs(column)!.Type}") with
        {
            Becomes = column.Type.Sql,
            Rows = _table.Rows,
            Bytes = _table.Bytes,
        };

    Operation Of(OperationKind kind, string? column, string why) =>
        new(kind, _table.Name, why) { Stream = _stream.Name, Column = column };

    /// <summary>Readers see the change at once; what it rewrites, ClickHouse rewrites behind it.</summary>
    DdlStatement Alter((string Sql, Operation Does) change) =>
        new($"ALTER TABLE {_table.Name} {change.Sql}{NoWait(change.Does)}", change.Does) { ChangesTable = true };

    static string NoWait(Operation does) =>
        does.Kind is OperationKind.AddColumn or OperationKind.KeepColumn ? "" : " SETTINGS alter_sync = 0";
}
