using System.CommandLine;
using Millrace.Cli.Services;

namespace Millrace.Cli.Commands;

/// <summary>The service that a command is about.</summary>
static class ServiceArgument
{
    public static Argument<string?> Create(StandParts parts)
    {
        var service = new Argument<string?>("service")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = $"{string.Join(", ", parts.Names.SkipLast(1))} or {parts.Names[^1]}; all of them unless given.",
        };
        service.AcceptOnlyFromAmong([.. parts.Names]);
        return service;
    }
}
