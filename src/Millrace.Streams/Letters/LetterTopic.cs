using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Letters;

/// <summary>A topic that has dead letters, or may have. Immutable.</summary>
/// <param name="Stream">null: its definition is gone, and its letters stayed.</param>
sealed record LetterTopic(string Topic, string Table, StreamDefinition? Stream)
{
    /// <summary>Of the catalogue's streams, and what else their tables of dead letters hold.</summary>
    /// <exception cref="DdlRefusedException">A table of dead letters is another stand's.</exception>
    /// <exception cref="LettersRefusedException">A table of dead letters is not there, or is of an earlier version.</exception>
    static async Task<IReadOnlyList<LetterTopic>> AllAsync(
        ClickHouseClient client, StreamCatalog catalog, string stand, CancellationToken cancellation)
    {
        var state = await DatabaseState.ReadAsync(client, cancellation).ConfigureAwait(false);
        List<LetterTopic> all = [.. catalog.Streams.Select(stream => new LetterTopic(stream.Topic, stream.DeadLetterTable, stream))];
        foreach (var table in catalog.Streams.Select(stream => stream.DeadLetterTable).Distinct())
        {
            RequireTable(table, stand, state);
            var topics = await client.QueryAsync<TopicRow>(
                $"SELECT toString(kafka_topic) AS topic FROM {table} GROUP BY topic ORDER BY topic", cancellation: cancellation)
                .ConfigureAwait(false);
            all.AddRange(topics.Where(row => catalog.FindTopic(row.Topic)?.Topic != row.Topic)
                .Select(row => new LetterTopic(row.Topic, table, null)));
        }
        return all;
    }

    /// <param name="name">A stream or topic; null: all.</param>
    /// <exception cref="LettersRefusedException">There is none of that name.</exception>
    /// <inheritdoc cref="AllAsync"/>
    public static async Task<IReadOnlyList<LetterTopic>> FindAsync(
        ClickHouseClient client, StreamCatalog catalog, StandEndpoints endpoints, string? name, CancellationToken cancellation)
    {
        var all = await AllAsync(client, catalog, endpoints.Identity.Name, cancellation).ConfigureAwait(false);
        if (name is null) return all;
        var found = all.Where(one => one.Stream?.Name == name).ToList();
        if (found.Count == 0) found = [.. all.Where(one => one.Topic == name)];
        if (found.Count > 0) return found;
        var names = all.Select(one => one.Stream?.Name ?? one.Topic).ToList();
        throw new LettersRefusedException(
            $"no stream is called {name}{NearestWord.Hint(name, names)}: there are {string.Join(", ", names)}");
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
