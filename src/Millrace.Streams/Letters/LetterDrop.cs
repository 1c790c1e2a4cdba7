using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Letters;

/// <summary>Gives dead letters up: what they held is gone, what says which records they were stays.</summary>
public static class LetterDrop
{
    /// <summary>How many letters that wait are meant.</summary>
    /// <param name="stream">A stream or topic; null: all.</param>
    /// <exception cref="LettersRefusedException">There is no such stream, or a table is not there.</exception>
    /// <exception cref="DdlRefusedException">A table is another stand's.</exception>
    /// <exception cref="ClickHouseTroubleException">ClickHouse gave no answer, or refused.</exception>
    public static async Task<long> CountAsync(
        StandEndpoints endpoints, StreamCatalog catalog, string? stream, LetterFilter filter, CancellationToken cancellation)
    {
        using var client = new ClickHouseClient(endpoints);
        var letters = 0L;
        foreach (var topic in await LetterTopic.FindAsync(client, catalog, endpoints, stream, cancellation).ConfigureAwait(false))
            letters += await CountAsync(client, topic, filter, cancellation).ConfigureAwait(false);
        return letters;
    }

    /// <summary>
    /// Those that a retry made rows of, and could not mark, are marked and not dropped. Killed anywhere, it is done again.
    /// </summary>
    /// <returns>How many were dropped.</returns>
    /// <inheritdoc cref="CountAsync(StandEndpoints, StreamCatalog, string?, LetterFilter, CancellationToken)"/>
    public static async Task<long> RunAsync(
        StandEndpoints endpoints, StreamCatalog catalog, string? stream, LetterFilter filter, TimeProvider time,
        CancellationToken cancellation)
    {
        using var client = new ClickHouseClient(endpoints);
        return await SetupLock.HoldAsync(client, time, async ended =>
        {
            var dropped = 0L;
            foreach (var topic in await LetterTopic.FindAsync(client, catalog, endpoints, stream, ended).ConfigureAwait(false))
                dropped += await DropAsync(client, topic, filter, time, ended).ConfigureAwait(false);
            return dropped;
        }, cancellation).ConfigureAwait(false);
    }

    static async Task<long> DropAsync(
        ClickHouseClient client, LetterTopic topic, LetterFilter filter, TimeProvider time, CancellationToken cancellation)
    {
        if (await CountAsync(client, topic, filter, cancellation).ConfigureAwait(false) == 0) return 0;
        if (topic.Stream is { } stream)
        {
            var state = await DatabaseState.ReadAsync(client, cancellation).ConfigureAwait(false);
            if (state.Find(stream.TargetTable) is not null)
                await LetterMarks.RetriedAsync(client, stream, (0, long.MaxValue), time, cancellation).ConfigureAwait(false);
        }
        var letters = await CountAsync(client, topic, filter, cancellation).ConfigureAwait(false);
        if (letters > 0) await LetterMarks.DroppedAsync(client, topic, filter, time, cancellation).ConfigureAwait(false);
        return letters;
    }

    static async Task<long> CountAsync(ClickHouseClient client, LetterTopic topic, LetterFilter filter, CancellationToken cancellation) =>
        (await client.QueryAsync<CountRow>(
            $"SELECT count() AS letters FROM {topic.Table} WHERE {filter.WaitingSql(topic.Topic)}", cancellation: cancellation)
            .ConfigureAwait(false)).Single().Letters;

    sealed record CountRow(long Letters);
}
