using Millrace.Cli.Basics;
using Millrace.Streams.Definition;
using Millrace.Streams.Profiles;

namespace Millrace.Cli.Endpoints;

/// <summary>Finds and reads the profile of a command.</summary>
static class ProfileOption
{
    const string Variable = "MILLRACE_PROFILE";

    /// <returns>Full path, from the option or from MILLRACE_PROFILE; null when neither names one.</returns>
    public static string? PathOf(string? option) =>
        (option ?? StandPaths.Variable(Variable)) is { Length: > 0 } path ? Path.GetFullPath(path) : null;

    /// <exception cref="StreamDefinitionException">It can't be used.</exception>
    public static Profile? Load(string? path) => path is null ? null : ProfileFile.Load(path, Environment.GetEnvironmentVariable);
}
