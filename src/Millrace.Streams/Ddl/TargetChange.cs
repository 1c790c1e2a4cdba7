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
    public static TableChange Of(StreamDefinition stream, string stand, DatabaseState state)
    {
        if (state.Find(stream.TargetTable) is not { } table)
        {
            var create = new Operation(OperationKind.CreateObject, stream.TargetTable, $"there is no {stream.TargetTable}")
            {
                Stream = stream.Name,
            };
            return new TableChange([new DdlStatement(TargetTableSql.Create(stream, stand), create)]);
        }
        Ownership.RequireTable(table, stand, $"give stream {stream.Name} another table (table:)");
        return new TargetChange(stream, stand, state, table).Compute();
    }

    TableChange Compute()
    {
        IReadOnlyList<DdlStatement> leftovers =
        [
            .. TableRebuild.Leftovers(_table.Name, _stand, _state)
                .Select(left => DdlStatement.Drop(left.Name, $"a rebuild of {_table.Name} left it, which has all its rows")),
        ];
        if (RebuildReason() is { } reason)
            return new TableChange([]) { Rebuild = Rebuild(reason), Leftovers = leftovers };
        return new TableChange([.. Alters(), .. StoredRange.Statements(_table.Name, _state)]) { Leftovers = leftovers };
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
            .. _stream.Columns.Where(Differs).Select(column => $"holds {column.Name} as {StoredAs(column)!.Type}, not as {column.Type.Sql}"),
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

    IEnumerable<DdlStatement> Alters()
    {
        foreach (var (name, was) in _renamed)
            yield return Alter($"RENAME COLUMN {was} TO {name}", Of(OperationKind.RenameColumn, was, $"it is {name} now") with { Becomes = name });
        foreach (var column in _stream.Columns)
        {
            if (StoredAs(column) is null)
                yield return Alter(
                    TargetTableSql.AddColumn(_stream, column),
                    Of(OperationKind.AddColumn, column.Name, $"{_table.Name} has no column {column.Name}") with { Becomes = column.Type.Sql });
            else if (Differs(column)) yield return Alter($"MODIFY COLUMN {TargetTableSql.Declaration(column)}", Modify(column));
        }
        foreach (var dropped in Dropped()) yield return Alter($"DROP COLUMN IF EXISTS {dropped.Column}", dropped);
    }

    TableRebuild Rebuild(string reason)
    {
        var operation = Of(OperationKind.RebuildTable, null, $"{_table.Name} {reason}") with { Rows = _table.Rows, Bytes = _table.Bytes };
        var kept = _stored.Values.Where(column => column.DefaultKind != "" && !IsKnown(column.Name)).ToList();
        var taken = _stream.Columns.Where(column => StoredAs(column) is not null).ToList();
        return new TableRebuild(
            _stream, _table, operation,
            name => TargetTableSql.Create(_stream, name, _table.Comment, [.. kept.Select(Declared)]),
            [.. taken.Select(Conversion), .. OwnColumns.Concat(kept.Where(IsStored).Select(column => column.Name)).Select(CopiedColumn.AsItIs)])
        {
            Drops = [.. Dropped()],
        };
    }

    /// <summary>A column of the user's own: <c>DEFAULT</c> is the only kind that an INSERT may state.</summary>
    static bool IsStored(ColumnState column) => column.DefaultKind == "DEFAULT";

    static string Declared(ColumnState column) => $"{column.Name} {column.Type} {column.DefaultKind} {column.DefaultExpression}".TrimEnd();

    CopiedColumn Conversion(ColumnDefinition column)
    {
        var stored = StoredAs(column)!;
        return Differs(column)
            ? CopiedColumn.Converted(column, stored.Name, ColumnTypes.Parse(stored.Type))
            : new CopiedColumn(column.Name, stored.Name);
    }

    /// <summary>Columns that the definition no longer names; those with a default are the user's own.</summary>
    IEnumerable<Operation> Dropped() => _stored.Values
        .Where(column => column.DefaultKind == "" && !IsKnown(column.Name) && !_renamed.ContainsValue(column.Name))
        .Select(column => Of(OperationKind.DropColumn, column.Name, "the definition no longer names it") with
        {
            LosesRows = _table.Rows,
            Needs = $"drop-column:{_stream.Name}.{column.Name}",
        });

    bool IsKnown(string column) => OwnColumns.Contains(column) || _stream.Columns.Any(one => one.Name == column);

    Operation Modify(ColumnDefinition column) =>
        Of(OperationKind.ModifyColumn, column.Name, $"{_table.Name} holds {column.Name} as {StoredAs(column)!.Type}") with
        {
            Becomes = column.Type.Sql, Rows = _table.Rows, Bytes = _table.Bytes,
        };

    Operation Of(OperationKind kind, string? column, string why) =>
        new(kind, _table.Name, why) { Stream = _stream.Name, Column = column };

    /// <summary>Readers see the change at once; what it rewrites, ClickHouse rewrites behind it.</summary>
    DdlStatement Alter(string change, Operation operation) => new($"ALTER TABLE {_table.Name} {change}{NoWait(operation)}", operation);

    static string NoWait(Operation operation) => operation.Rows > 0 ? " SETTINGS alter_sync = 0" : "";
}
