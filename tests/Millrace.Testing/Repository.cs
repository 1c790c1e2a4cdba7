using System.Reflection;

namespace Millrace.Testing;

/// <summary>Where the checkout under test lies.</summary>
public static class Repository
{
    /// <summary>Full path of the checkout, without a trailing slash.</summary>
    public static string Root { get; } = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "RepositoryRoot").Value!.TrimEnd('/');

    /// <summary>The folder of test tools beside the checkout (Apache Kafka, a container engine); it need not exist.</summary>
    public static string Shared { get; } = Path.GetFullPath(Path.Combine(Root, "..", "shared"));
}
