namespace Millrace.Streams.Kafka;

/// <summary>Kafka gave no answer, or not the one asked for. The message is one sentence with the address and what to look at.</summary>
public sealed class KafkaUnavailableException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Nobody said anything in time.</summary>
    internal bool IsSilence { get; private init; }

    internal static KafkaUnavailableException NoAnswer(string bootstrap, TimeSpan limit, Exception? cause = null) =>
        new($"no answer from Kafka at {bootstrap} within {limit.TotalSeconds:0.#} s: is it running, and is the address right?", cause)
        {
            IsSilence = true,
        };

    internal static KafkaUnavailableException NotLetIn(string bootstrap, string reason, Exception? cause = null) =>
        new(
            $"Kafka at {bootstrap} does not let the user in ({reason}): "
                + "see sasl.username, sasl.password and sasl.mechanism in the profile",
            cause);

    internal static KafkaUnavailableException NoTls(string bootstrap, string reason, Exception? cause = null) =>
        new($"no TLS with Kafka at {bootstrap} ({reason}): see security.protocol and ssl.ca.location in the profile", cause);

    internal static KafkaUnavailableException NoRight(string bootstrap, string request, string reason, Exception? cause = null) =>
        new(
            $"Kafka at {bootstrap} does not let the user do {request} ({reason}): "
                + "let its administrator do it, or allow it with kafka-acls.sh",
            cause);

    internal static KafkaUnavailableException Silent(string bootstrap, IReadOnlyCollection<string> brokers) =>
        new($"of the brokers of Kafka at {bootstrap} not all tell their groups: no answer from {string.Join(", ", brokers)}");

    internal static KafkaUnavailableException Refused(string bootstrap, string request, string reason, Exception? cause = null) =>
        new($"Kafka at {bootstrap} did not answer {request}: {reason}", cause);
}
