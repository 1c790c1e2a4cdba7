using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Letters;

/// <summary>Takes the dead letters that wait elsewhere; they stay as they are.</summary>
public static class LetterExport
{
    /// <summary>What an exported record says of where it came from.</summary>
    public const string HeaderPrefix = "millrace-";

    /// <summary>
    /// librdkafka's own limit, a million, is below what a letter may be with the headers that say where it came from; the broker says
    /// what it does not take. Kafka's socket.request.max.bytes is as large.
    /// </summary>
    const int LargestMessage = 100 * 1024 * 1024;

    const int BufferedKbytes = 128 * 1024;

    static readonly TimeSpan FlushLimit = TimeSpan.FromSeconds(60);

    /// <param name="stream">A stream or topic; null: all.</param>
    /// <param name="write">Gets each, in the order of topic, partition and offset.</param>
    /// <returns>How many.</returns>
    /// <exception cref="LettersRefusedException">There is no such stream, or a table is not there.</exception>
    /// <exception cref="DdlRefusedException">A table is another stand's.</exception>
    /// <exception cref="ClickHouseTroubleException">ClickHouse gave no answer, or refused.</exception>
    public static async Task<long> RunAsync(
        StandEndpoints endpoints, StreamCatalog catalog, string? stream, LetterFilter filter, Action<Letter> write,
        CancellationToken cancellation)
    {
        using var client = new ClickHouseClient(endpoints);
        var letters = 0L;
        foreach (var topic in await LetterTopic.FindAsync(client, catalog, endpoints, stream, withFormer: true, cancellation).ConfigureAwait(false))
            await foreach (var letter in LetterReader.ReadAsync(client, topic, filter, cancellation).ConfigureAwait(false))
            {
                write(letter);
                letters++;
            }
        return letters;
    }

    /// <summary>Into a topic: key, value and headers as they were, and where each came from in headers of its own.</summary>
    /// <param name="target">A topic that no stream of the stand reads.</param>
    /// <exception cref="KafkaUnavailableException">Kafka did not take one: what was sent until then is there.</exception>
    /// <exception cref="LettersRefusedException">As <see cref="RunAsync"/>, or one is too large for the topic.</exception>
    /// <inheritdoc cref="RunAsync"/>
    public static async Task<long> ToTopicAsync(
        StandEndpoints endpoints, StreamCatalog catalog, string? stream, LetterFilter filter, string target,
        CancellationToken cancellation)
    {
        if (catalog.Streams.FirstOrDefault(one => one.Topic == target) is { } reader)
            throw new LettersRefusedException(
                $"stream {reader.Name} reads {target}, where they would be new records beside their letters: "
                + "name another topic, or let  dead-letters retry  make rows of them");
        await MakeTopicAsync(endpoints, target, cancellation).ConfigureAwait(false);
        var sending = new LetterSending(endpoints, target);
        var builder = new ProducerBuilder<byte[]?, byte[]>(ConfigOf(endpoints)).SetLogHandler((_, _) => { });
        using var producer = KafkaPropertyException.Guard(builder.Build);
        var letters = await RunAsync(
            endpoints, catalog, stream, filter, letter => sending.Send(producer, letter.Id, RecordOf(letter)), cancellation)
            .ConfigureAwait(false);
        var left = await Task.Run(() => producer.Flush(FlushLimit), cancellation).ConfigureAwait(false);
        sending.RequireTaken(left);
        return letters;
    }

    static ProducerConfig ConfigOf(StandEndpoints endpoints)
    {
        var config = new ProducerConfig(KafkaClientProperties.For(endpoints)) { Acks = Acks.All, EnableIdempotence = true, LingerMs = 20 };
        config.MessageMaxBytes ??= LargestMessage;
        config.QueueBufferingMaxKbytes ??= BufferedKbytes;
        return config;
    }

    /// <summary>Of one partition, where there is none of that name: a broker need not make one by itself.</summary>
    static async Task MakeTopicAsync(StandEndpoints endpoints, string target, CancellationToken cancellation)
    {
        await using var kafka = new KafkaQuestions(endpoints, KafkaClientProperties.AnswerLimit);
        var topics = await kafka.AskTopicsAsync(cancellation).ConfigureAwait(false);
        if (topics.Any(topic => topic.Topic == target)) return;
        var wanted = new TopicSpecification { Name = target, NumPartitions = 1, ReplicationFactor = -1 };
        try
        {
            await kafka.Client.CreateTopicsAsync([wanted]).ConfigureAwait(false);
        }
        catch (CreateTopicsException e) when (e.Results[0].Error.Code == ErrorCode.TopicAlreadyExists)
        {
            // Somebody else was as quick.
        }
        catch (KafkaException e)
        {
            var reason = (e as CreateTopicsException)?.Results[0].Error.Reason ?? e.Error.Reason;
            throw new KafkaUnavailableException(
                $"Kafka at {endpoints.Kafka} makes no topic {target} ({reason}): make it there, or name another", e);
        }
    }

    static Message<byte[]?, byte[]> RecordOf(Letter letter)
    {
        var headers = new Headers();
        foreach (var (name, value) in letter.Headers.Where(one => !one.Name.StartsWith(HeaderPrefix, StringComparison.Ordinal)))
            headers.Add(name, value);
        (string Name, string Value)[] origin =
        [
            ("topic", letter.Topic),
            ("partition", letter.Partition.ToString(CultureInfo.InvariantCulture)),
            ("offset", letter.Offset.ToString(CultureInfo.InvariantCulture)),
            ("timestamp", letter.Time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)),
            ("reason", letter.Reason),
        ];
        foreach (var (name, value) in origin) headers.Add(HeaderPrefix + name, Encoding.UTF8.GetBytes(value));
        return new Message<byte[]?, byte[]> { Key = letter.Key is [] ? null : letter.Key, Value = letter.Value, Headers = headers };
    }
}
