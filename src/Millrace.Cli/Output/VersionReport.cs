using System.Runtime.InteropServices;
using Millrace.Streams.Kafka;

namespace Millrace.Cli.Output;

/// <summary>What <c>version</c> answers. Immutable.</summary>
/// <param name="Librdkafka">null when it is not installed.</param>
/// <param name="Libchdb">null when the launcher did not say which it uses.</param>
sealed record VersionReport(string Millrace, string Dotnet, string? Librdkafka, string? Libchdb)
{
    internal IEnumerable<string> Lines =>
        [$"millrace    {Millrace}", $"dotnet      {Dotnet}", $"librdkafka  {Librdkafka ?? "not installed"}", $"libchdb     {Libchdb ?? "unknown"}"];

    public static VersionReport Current() => new(Self.Version, RuntimeInformation.FrameworkDescription, LibrdkafkaVersion(), LibchdbVersion());

    static string? LibrdkafkaVersion()
    {
        try
        {
            LibrdkafkaResolver.Register();
            return Confluent.Kafka.Library.VersionString;
        }
        catch (LibrdkafkaMissingException)
        {
            return null;
        }
    }

    /// <summary>The launcher keeps each version in a folder of its own.</summary>
    static string? LibchdbVersion() => Path.GetFileName(Path.GetDirectoryName(Environment.GetEnvironmentVariable("MILLRACE_LIBCHDB")));
}
