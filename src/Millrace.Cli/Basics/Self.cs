using System.Reflection;

namespace Millrace.Cli.Basics;

/// <summary>How to start another process of this very program.</summary>
static class Self
{
    /// <summary>The build's version, as in Directory.Build.props.</summary>
    public static string Version { get; } =
        typeof(Self).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>What the user types to call us, for hints: the launcher says how it was called.</summary>
    public static string Command { get; } = Environment.GetEnvironmentVariable("MILLRACE_COMMAND") ?? "millrace";

    public static string Program { get; } = Environment.ProcessPath ?? "dotnet";

    /// <summary>Arguments for <see cref="Program"/>: it is either the runtime, which needs to be told the assembly, or our own executable.</summary>
    public static string[] Arguments(params IEnumerable<string> arguments) =>
        Path.GetFileNameWithoutExtension(Program) == "dotnet" ? [Path.Combine(AppContext.BaseDirectory, "millrace.dll"), .. arguments] : [.. arguments];
}
