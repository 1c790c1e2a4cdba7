using Microsoft.Extensions.Logging;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Setup;

/// <summary>
/// Lets ClickHouse go on reading a stream that was paused, after what a setup looks at before it lets ClickHouse read: the topic may have
/// been made anew meanwhile, or somebody else have joined the group.
/// </summary>
public static class StreamResume
{
    /// <summary>It is read from the group's committed offsets on. Killed anywhere, the next setup or resume finishes it.</summary>
    /// <param name="catalog">All streams of the stand: their queue tables may be members of the group.</param>
    /// <returns>false when it was not paused.</returns>
    /// <exception cref="PauseRefusedException">It is not set up, or was set up by another definition than this one.</exception>
    /// <exception cref="GroupTakenException">Somebody else reads in the stand's group.</exception>
    /// <exception cref="TopicRecreatedException">The topic does not hold what ClickHouse has stored of it.</exception>
    /// <exception cref="KafkaUnavailableException">Kafka gave no answer in time.</exception>
    /// <inheritdoc cref="StreamPause.PauseAsync"/>
    public static Task<bool> RunAsync(
        StandEndpoints endpoints, StreamCatalog catalog, StreamDefinition stream, ILogger logger, TimeProvider time,
        CancellationToken cancellation) =>
        StreamPause.ResumeAsync(
            endpoints, stream,
            (client, state) => CheckAsync(client, endpoints, catalog, stream, state, logger, time, cancellation),
            time, cancellation);

    static async Task CheckAsync(
        ClickHouseClient client, StandEndpoints endpoints, StreamCatalog catalog, StreamDefinition stream, DatabaseState state,
        ILogger logger, TimeProvider time, CancellationToken cancellation)
    {
        await using var kafka = new KafkaQuestions(endpoints, KafkaClientProperties.AnswerLimit);
        var group = await kafka.AskGroupAsync(endpoints.Identity.Group, cancellation).ConfigureAwait(false);
        await new GroupCheck(client, kafka, endpoints, catalog, logger)
            .RunAsync(group, state, null, time, cancellation).ConfigureAwait(false);
        var partitions = await kafka.AskPartitionsAsync([stream.Topic], cancellation).ConfigureAwait(false);
        var logEnds = await new OffsetReader(kafka).LogEndsAsync(partitions).ConfigureAwait(false);
        await new RecreatedTopicCheck(client, kafka, endpoints, [stream]).RunAsync(state, logEnds, cancellation).ConfigureAwait(false);
    }
}
