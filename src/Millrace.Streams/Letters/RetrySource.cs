using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Letters;

/// <summary>Finds the streams whose dead letters are to be sent again.</summary>
public static class RetryStreams
{
    /// <param name="name">A stream or topic; null: all.</param>
    /// <exception cref="LettersRefusedException">There is no such stream, or its definition is gone, or a table is not there.</exception>
    /// <exception cref="Ddl.DdlRefusedException">A table is another stand's.</exception>
    /// <exception cref="ClickHouseTroubleException">ClickHouse gave no answer, or refused.</exception>
    public static async Task<IReadOnlyList<StreamDefinition>> FindAsync(
        StandEndpoints endpoints, StreamCatalog catalog, string? name, CancellationToken cancellation)
    {
        using var client = new ClickHouseClient(endpoints);
        var found = await LetterTopic.FindAsync(client, catalog, endpoints, name, cancellation).ConfigureAwait(false);
        var streams = found.Select(topic => topic.Stream).OfType<StreamDefinition>().ToList();
        if (streams.Count > 0) return streams;
        throw new LettersRefusedException(
            $"no definition says any more what a record of {name} should be: put the definition back and carry it out (apply), "
            + "or take its dead letters elsewhere (dead-letters export)");
    }
}
