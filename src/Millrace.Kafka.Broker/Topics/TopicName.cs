namespace Millrace.Kafka.Broker.Topics;

/// <summary>
/// Kafka's rules for topic names (Apache Kafka, clients/src/main/java/org/apache/kafka/common/internals/Topic.java). They also make a name
/// safe as part of a path.
/// </summary>
static class TopicName
{
    const int MaxLength = 249;

    /// <summary>Why <paramref name="name"/> can't be a topic's; null when it can.</summary>
    public static string? Refusal(string name) => name switch
    {
        "" => "a topic name must not be empty",
        "." or ".." => "a topic name must not be '.' or '..'",
        { Length: > MaxLength } => $"a topic name has at most {MaxLength} characters, not {name.Length}",
        _ when !name.All(IsLegal) => $"topic name '{name}' has characters other than ASCII letters, digits, '.', '_' and '-'",
        _ => null,
    };

    static bool IsLegal(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-';
}
