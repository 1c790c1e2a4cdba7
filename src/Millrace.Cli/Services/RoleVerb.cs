using System.CommandLine;
using Millrace.Cli.Roles;

namespace Millrace.Cli.Services;

/// <summary><c>run</c> with one service: the service as this very process. Immutable.</summary>
/// <param name="Description">For the help.</param>
sealed record RoleVerb(string Description)
{
    public required IReadOnlyList<Option> Options { get; init; }

    /// <summary>The global options that it can use.</summary>
    public required Option[] Usable { get; init; }

    /// <summary>Does what the command line says.</summary>
    public required Func<ParseResult, RoleLifetime, Task> ByHand { get; init; }

    /// <summary>Does the job that a supervisor gives, who parsed what the user wants.</summary>
    public required Func<RoleLifetime, Task> Supervised { get; init; }
}
