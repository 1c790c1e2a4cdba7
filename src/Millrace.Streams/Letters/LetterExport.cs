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
        foreach (var topic in await LetterTopic.FindAsync(client, catalog, endpoints, stream, cancellation).ConfigureAwait(false))
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
        var config = new ProducerConfig(KafkaClientProperties.For(endpoints)) { Acks = Acks.All, EnableIdempotence = true, LingerMs = 20 };
        using var producer = KafkaPropertyException.Guard(new ProducerBuilder<byte[]?, byte[]>(config).SetLogHandler((_, _) => { }).Build);
        Error? failure = null;
        var letters = await RunAsync(endpoints, catalog, stream, filter, Send, cancellation).ConfigureAwait(false);
        var left = await Task.Run(() => producer.Flush(FlushLimit), cancellation).ConfigureAwait(false);
        if (failure is not null || left > 0) throw Failed();
        return letters;

        void Send(Letter letter)
        {
            while (true)
            {
                if (failure is not null) throw Failed();
                try
                {
                    producer.Produce(target, RecordOf(letter), report => failure = report.Error.IsError ? report.Error : failure);
                    return;
                }
                catch (ProduceException<byte[]?, byte[]> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
                {
                    producer.Poll(TimeSpan.FromMilliseconds(100));
                }
            }
        }

        KafkaUnavailableException Failed() => new(
            $"Kafka at {endpoints.Kafka} took not all of them into {target}: {failure?.Reason ?? "no answer in time"}; "
            + "what was sent until then is there");
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
