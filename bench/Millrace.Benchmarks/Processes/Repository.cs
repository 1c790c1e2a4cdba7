using System.Reflection;

namespace Millrace.Benchmarks.Processes;

/// <summary>Where the checkout under measurement lies.</summary>
static class Repository
{
    public static string Root { get; } = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "RepositoryRoot").Value!;

    public static string LauncherOf(string checkout) => Path.Combine(checkout, "millrace");

    /// <summary>The original to compare with; it need not exist.</summary>
    public static string ApacheKafka { get; } = Path.GetFullPath(Path.Combine(Root, "../shared/apache-kafka/bin/kafka"));
}
