using Confluent.Kafka;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Letters;

/// <summary>Dead letters on their way into a topic. The first that Kafka does not take ends it. For one thread.</summary>
sealed class LetterSending(StandEndpoints endpoints, string target)
{
    const string SoFar = "what was sent until then is there";

    static readonly TimeSpan RoomPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Set by the client's thread.</summary>
    volatile Failure? _failure;

    /// <exception cref="KafkaUnavailableException">Kafka did not take one.</exception>
    /// <exception cref="LettersRefusedException">One is too large for the topic.</exception>
    public void Send(IProducer<byte[]?, byte[]> producer, LetterId id, Message<byte[]?, byte[]> record)
    {
        while (true)
        {
            RequireTaken(left: 0);
            try
            {
                producer.Produce(target, record, report =>
                {
                    if (report.Error.IsError) _failure ??= new Failure(id, report.Error);
                });
                return;
            }
            catch (ProduceException<byte[]?, byte[]> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
            {
                producer.Poll(RoomPause);
            }
            catch (ProduceException<byte[]?, byte[]> e)
            {
                _failure ??= new Failure(id, e.Error);
            }
        }
    }

    /// <param name="left">Records that Kafka has not answered.</param>
    /// <inheritdoc cref="Send"/>
    public void RequireTaken(int left)
    {
        if (_failure is { } failure) throw ToException(failure);
        if (left > 0)
            throw new KafkaUnavailableException(
                $"Kafka at {endpoints.Kafka} took not all of them into {target} in time: see whether it runs; {SoFar}");
    }

    Exception ToException(Failure failure) => failure.Error.Code switch
    {
        ErrorCode.MsgSizeTooLarge or ErrorCode.RecordListTooLarge => new LettersRefusedException(
            $"{failure.Letter} is larger than a record of {target} may be, with the headers that say where it came from: raise "
                + $"max.message.bytes of the topic, or export into a file; {SoFar}"),
        ErrorCode.TopicAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed =>
            KafkaUnavailableException.NoRight(endpoints.Kafka, $"Produce into {target}", failure.Error.Reason),
        _ => new KafkaUnavailableException(
            $"Kafka at {endpoints.Kafka} did not take {failure.Letter} into {target} ({failure.Error.Reason}): see whether it runs and the "
                + $"topic is there; {SoFar}"),
    };

    sealed record Failure(LetterId Letter, Error Error);
}
