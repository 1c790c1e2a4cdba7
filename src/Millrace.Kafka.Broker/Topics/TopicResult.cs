using Millrace.Kafka.Protocol;

namespace Millrace.Kafka.Broker.Topics;

/// <summary>What became of a change to a topic.</summary>
/// <param name="Topic">
/// The topic as it is now. Also set when creating failed because it was there already; null after any other failure, and when only
/// validated.
/// </param>
readonly record struct TopicResult(ErrorCode Error, string? Message, Topic? Topic)
{
    public static TopicResult Validated { get; } = new(ErrorCode.None, null, null);

    public static TopicResult Done(Topic topic) => new(ErrorCode.None, null, topic);

    public static TopicResult Failed(ErrorCode error, string message) => new(error, message, null);
}
