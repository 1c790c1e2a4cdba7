using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Letters;

/// <summary>Dead letters that may be sent again. Immutable.</summary>
/// <param name="Table">Where they are: the stream's table of dead letters, or one that it had before and another stream has now.</param>
public sealed record RetrySource(StreamDefinition Stream, string Table)
{
    public static RetrySource Of(StreamDefinition stream) => new(stream, stream.DeadLetterTable);

    /// <param name="name">A stream or topic; null: all.</param>
    /// <exception cref="LettersRefusedException">There is no such stream, or its definition is gone, or a table is not there.</exception>
    /// <exception cref="Ddl.DdlRefusedException">A table is another stand's.</exception>
    /// <exception cref="ClickHouseTroubleException">ClickHouse gave no answer, or refused.</exception>
    public static async Task<IReadOnlyList<RetrySource>> FindAsync(
        StandEndpoints endpoints, StreamCatalog catalog, string? name, CancellationToken cancellation)
    {
        using var client = new ClickHouseClient(endpoints);
        var found = await LetterTopic.FindAsync(client, catalog, endpoints, name, withFormer: false, cancellation).ConfigureAwait(false);
        List<RetrySource> sources =
            [.. found.Where(topic => topic.Stream is not null).Select(topic => new RetrySource(topic.Stream!, topic.Table))];
        if (sources.Count > 0) return sources;
        throw new LettersRefusedException(
            $"no definition says any more what a record of {name} should be: put the definition back and carry it out (apply), "
            + "or take its dead letters elsewhere (dead-letters export)");
    }
}
