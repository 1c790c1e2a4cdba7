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

    /// <summary>A copy of the shipped definitions, to edit.</summary>
    public static TemporaryDirectory StreamsToEdit()
    {
        var copy = new TemporaryDirectory();
        foreach (var file in Directory.GetFiles(Path.Combine(Root, "streams"))) File.Copy(file, copy.Sub(Path.GetFileName(file)));
        return copy;
    }
}
