namespace Millrace.Kafka.Broker.Basics;

/// <summary>Why a broker can't start, where that is the machine's or the user's doing. The message is one sentence for the user.</summary>
public sealed class BrokerStartException(string message, Exception? cause = null) : Exception(message, cause);
