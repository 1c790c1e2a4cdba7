using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Letters;

/// <summary>The dead letters of a topic in a table. Immutable.</summary>
/// <param name="Stream">null: its definition is gone, and its letters stayed.</param>
sealed record LetterTopic(string Topic, string Table, StreamDefinition? Stream)
{
    /// <summary>
    /// Of the catalogue's streams, and what else tables of dead letters hold: letters of definitions that are gone, and of streams that
    /// were given another table (<c>dead_letters:</c>) since.
    /// </summary>
    /// <param name="withFormer">
    /// Also those in tables that no definition names now. Only to look at: such a table may be a copy that somebody made, as CREATE TABLE
    /// AS copies the stand's mark, or hold a topic of before it was made anew.
    /// </param>
    /// <exception cref="DdlRefusedException">A table of dead letters is another stand's.</exception>
    /// <exception cref="LettersRefusedException">A table of dead letters is not there, or is of an earlier version.</exception>
    static async Task<IReadOnlyList<LetterTopic>> AllAsync(
        ClickHouseClient client, StreamCatalog catalog, string stand, bool withFormer, CancellationToken cancellation)
    {
        var state = await DatabaseState.ReadAsync(client, cancellation).ConfigureAwait(false);
        List<LetterTopic> all = [.. catalog.Streams.Select(stream => new LetterTopic(stream.Topic, stream.DeadLetterTable, stream))];
        var named = catalog.Streams.Select(stream => stream.DeadLetterTable).Distinct().ToList();
        foreach (var table in named) RequireTable(table, stand, state);
        foreach (var table in withFormer ? named.Concat(FormerTables(named, stand, state)) : named)
        {
            var topics = await client.QueryAsync<TopicRow>(
                $"SELECT toString(kafka_topic) AS topic FROM {table} GROUP BY topic ORDER BY topic", cancellation: cancellation)
                .ConfigureAwait(false);
            all.AddRange(topics.Where(row => !all.Exists(one => one.Topic == row.Topic && one.Table == table))
                .Select(row => new LetterTopic(row.Topic, table, catalog.Streams.FirstOrDefault(stream => stream.Topic == row.Topic))));
        }
        return all;
    }

    /// <param name="name">A stream or topic; null: all.</param>
    /// <exception cref="LettersRefusedException">There is none of that name, or it means two.</exception>
    /// <inheritdoc cref="AllAsync"/>
    public static async Task<IReadOnlyList<LetterTopic>> FindAsync(
        ClickHouseClient client, StreamCatalog catalog, StandEndpoints endpoints, string? name, bool withFormer,
        CancellationToken cancellation)
    {
        var all = await AllAsync(client, catalog, endpoints.Identity.Name, withFormer, cancellation).ConfigureAwait(false);
        if (name is null) return all;
        var found = all.Where(one => one.Stream?.Name == name || one.Topic == name).ToList();
        if (found.Count == 0) throw Unknown(name, all);
        if (found.Select(one => one.Topic).Distinct().Count() > 1) throw Ambiguous(name, found);
        return found;
    }

    /// <summary>Of a topic alone, whatever streams are called.</summary>
    /// <inheritdoc cref="FindAsync"/>
    public static async Task<IReadOnlyList<LetterTopic>> OfTopicAsync(
        ClickHouseClient client, StreamCatalog catalog, StandEndpoints endpoints, string topic, CancellationToken cancellation)
    {
        var all = await AllAsync(client, catalog, endpoints.Identity.Name, withFormer: true, cancellation).ConfigureAwait(false);
        var found = all.Where(one => one.Topic == topic).ToList();
        return found.Count > 0
            ? found
            : throw new LettersRefusedException($"there are no dead letters of a topic {topic}{Hint(topic, all.Select(one => one.Topic))}");
    }

    static LettersRefusedException Unknown(string name, IReadOnlyList<LetterTopic> all) => new(
        $"no stream is called {name}{Hint(name, all.Select(one => one.Stream?.Name ?? one.Topic))}");

    static string Hint(string name, IEnumerable<string> known)
    {
        var names = known.Distinct().ToList();
        return $"{NearestWord.Hint(name, names)}: there are {string.Join(", ", names)}";
    }

    static LettersRefusedException Ambiguous(string name, IReadOnlyList<LetterTopic> found)
    {
        var named = found.First(one => one.Stream?.Name == name);
        var other = found.First(one => one.Stream?.Name != name);
        var others = other.Stream is { } one ? $"stream {one.Name}" : "a stream that is gone";
        return new LettersRefusedException(
            $"{name} is the name of a stream and the topic of {others}: "
                + $"name the first by its topic, {named.Topic}"
                + (other.Stream is { } second ? $", or the other by its name, {second.Name}" : ", or leave the name out"));
    }

    /// <summary>The stand's own, of this version's columns; a table that looks otherwise has nothing to say.</summary>
    static IEnumerable<string> FormerTables(IReadOnlyList<string> named, string stand, DatabaseState state)
    {
        return state.Tables
            .Where(table => table.Engine.EndsWith("MergeTree", StringComparison.Ordinal)
                && StandMark.OwnerIn(table.Comment) == stand && StreamFile.NameFault(table.Name) is null && HasColumns(table.Name))
            .Select(table => table.Name).Except(named).Order(StringComparer.Ordinal);

        bool HasColumns(string table) => !DeadLettersSql.Columns.Except(
            state.ColumnsOf(table).Select(column => $"{column.Name} {column.Type}")).Any();
    }

    static void RequireTable(string table, string stand, DatabaseState state)
    {
        if (state.Find(table) is null)
            throw new LettersRefusedException($"ClickHouse has no table {table} yet: carry the definitions out first (apply)");
        if (DeadLettersChange.Statements(table, stand, state).Any(statement => statement.Does.Kind == OperationKind.AddColumn))
            throw new LettersRefusedException(
                $"{table} was made by an earlier version of Millrace: carry the definitions out first (apply)");
    }

    sealed record TopicRow(string Topic);
}
