using System.Runtime.InteropServices;
using Confluent.Kafka;
using Millrace.Cli.Basics;

namespace Millrace.Cli.Output;

/// <summary>What <c>version</c> answers. Immutable.</summary>
/// <param name="Libchdb">null when the launcher did not say which it uses.</param>
sealed record VersionReport(string Millrace, string Dotnet, string Librdkafka, string? Libchdb)
{
    internal IEnumerable<string> Lines =>
        [$"millrace    {Millrace}", $"dotnet      {Dotnet}", $"librdkafka  {Librdkafka}", $"libchdb     {Libchdb ?? "unknown"}"];

    public static VersionReport Current() =>
        new(Self.Version, RuntimeInformation.FrameworkDescription, Library.VersionString, LibchdbVersion());

    /// <summary>The launcher keeps each version in a folder of its own.</summary>
    static string? LibchdbVersion() => Path.GetFileName(Path.GetDirectoryName(Environment.GetEnvironmentVariable("MILLRACE_LIBCHDB")));
}
