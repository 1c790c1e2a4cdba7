using System.CommandLine;
using Millrace.Cli.Basics;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Roles;
using Millrace.Cli.Services;

namespace Millrace.Cli.Commands;

/// <summary>
/// <c>millrace run ROLE</c>: one part of the stand as this very process. <c>up</c> starts these; by hand they are for whoever wants a
/// part alone.
/// </summary>
static class RunCommand
{
    public static Command Create(GlobalOptions globals, StandParts parts)
    {
        var run = new Command("run", "Run one part of the stand in this process, without supervision.");
        foreach (var part in parts.All) run.Add(Role(globals, part.Name, part.Verb(globals)));
        return run;
    }

    static Command Role(GlobalOptions globals, string name, RoleVerb verb)
    {
        var command = new Command(name, verb.Description);
        foreach (var option in verb.Options) command.Add(option);
        command.SetAction(async (parsed, _) =>
        {
            using var lifetime = new RoleLifetime();
            try
            {
                await (RoleLifetime.IsSupervised ? verb.Supervised(lifetime) : verb.ByHand(parsed, lifetime));
            }
            finally
            {
                RoleOutput.Drain();
            }
            return lifetime.Interrupted ? ExitCodes.Cancelled : ExitCodes.Success;
        });
        return globals.Only(command, verb.Usable);
    }
}
