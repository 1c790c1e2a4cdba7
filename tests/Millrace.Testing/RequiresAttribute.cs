using System.Diagnostics;

namespace Millrace.Testing;

/// <summary>What a test may need beyond the repository.</summary>
public enum Prerequisite
{
    /// <summary>kcat on PATH (Debian's package kcat).</summary>
    Kcat,

    /// <summary>node and npm on PATH, to run kafkajs.</summary>
    Node,

    /// <summary>As <see cref="Node"/>, of version 20.19 or later: before, require() does not load ECMAScript modules.</summary>
    Node20,

    /// <summary>curl on PATH.</summary>
    Curl,

    /// <summary>A Java runtime and ../shared/apache-kafka.</summary>
    ApacheKafka,

    /// <summary>chromium on PATH (Debian's package chromium).</summary>
    Chromium,

    /// <summary>The rights of root, to be another user as well.</summary>
    Root,
}

/// <summary>
/// A fact that needs something beyond the repository: skipped with the reason where it is absent. With CI=true only a missing ../shared
/// excuses.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresFactAttribute : FactAttribute
{
    public RequiresFactAttribute(Prerequisite prerequisite)
    {
        if (Prerequisites.Missing(prerequisite) is { } why && Prerequisites.MaySkip(prerequisite)) Skip = why;
    }
}

/// <summary>Looks for what tests may need.</summary>
public static class Prerequisites
{
    static readonly Lazy<Version> NodeVersion = new(ReadNodeVersion);

    public static bool OnCi { get; } = Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>Why <paramref name="prerequisite"/> can't be used, with what to do about it; null when it is there.</summary>
    public static string? Missing(Prerequisite prerequisite) => prerequisite switch
    {
        Prerequisite.Kcat => OnPath("kcat") ? null : "kcat is not installed: apt-get install kcat",
        Prerequisite.Node => OnPath("npm") ? null : "npm is not installed: apt-get install npm",
        Prerequisite.Node20 => Missing(Prerequisite.Node) ?? (NodeVersion.Value >= new Version(20, 19)
            ? null : $"Node.js is {NodeVersion.Value}: install 20.19 or later"),
        Prerequisite.Curl => OnPath("curl") ? null : "curl is not installed: apt-get install curl",
        Prerequisite.Chromium => OnPath("chromium") ? null : "chromium is not installed: apt-get install chromium",
        Prerequisite.Root => Environment.IsPrivilegedProcess ? null : "not root: sudo ./dev test",
        Prerequisite.ApacheKafka when !Directory.Exists(ApacheKafka) => $"no {ApacheKafka}",
        Prerequisite.ApacheKafka => OnPath("java") ? null : "no Java runtime: apt-get install openjdk-17-jre-headless",
        _ => throw new ArgumentOutOfRangeException(nameof(prerequisite)),
    };

    public static bool MaySkip(Prerequisite prerequisite) =>
        !OnCi || (prerequisite == Prerequisite.ApacheKafka && !Directory.Exists(ApacheKafka));

    public static string ApacheKafka { get; } = Path.Combine(Repository.Shared, "apache-kafka");

    public static bool OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>0.0 of a node that does not say, v20.19.4 for one.</summary>
    static Version ReadNodeVersion()
    {
        using var node = Process.Start(new ProcessStartInfo("node", "--version") { RedirectStandardOutput = true })!;
        var said = node.StandardOutput.ReadToEnd().Trim().TrimStart('v');
        return Version.TryParse(said, out var version) ? version : new(0, 0);
    }
}
