namespace Millrace.Streams.Kafka;

/// <summary>librdkafka is not installed. The message is one sentence that ends with the command to type.</summary>
public sealed class LibrdkafkaMissingException(string fileName) : Exception(
    OperatingSystem.IsMacOS()
        ? $"{fileName}, Kafka's client library, is not installed: brew install librdkafka"
        : $"{fileName}, Kafka's client library, is not installed: apt-get install librdkafka1");
