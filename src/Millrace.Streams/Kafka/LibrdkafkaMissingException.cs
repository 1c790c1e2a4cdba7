namespace Millrace.Streams.Kafka;

/// <summary>librdkafka is not installed, or too old. The message is one sentence that ends with what to do.</summary>
public sealed class LibrdkafkaMissingException(string fileName, string? found = null) : Exception(
    found is not null ? $"{fileName}, Kafka's client library, is {found} here and must be 2.0.2 or newer: install a newer one, or name its folder in LD_LIBRARY_PATH"
        : OperatingSystem.IsMacOS()
        ? $"{fileName}, Kafka's client library, is not installed: brew install librdkafka"
        : $"{fileName}, Kafka's client library, is not installed: apt-get install librdkafka1");
