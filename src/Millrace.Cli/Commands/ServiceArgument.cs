using System.CommandLine;
using Millrace.Cli.Documents;

namespace Millrace.Cli.Commands;

/// <summary>The service that a command is about.</summary>
static class ServiceArgument
{
    public static Argument<string?> Create()
    {
        var service = new Argument<string?>("service")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "broker, clickhouse, setup or emitter; all of them unless given.",
        };
        service.AcceptOnlyFromAmong([.. ServiceNames.All]);
        return service;
    }
}
