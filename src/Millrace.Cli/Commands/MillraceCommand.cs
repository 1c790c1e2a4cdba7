using System.CommandLine;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Services;

namespace Millrace.Cli.Commands;

/// <summary>The whole command line: one file per verb beside this one.</summary>
static class MillraceCommand
{
    public static RootCommand Create() => Create(new GlobalOptions());

    /// <summary>Ready to be invoked.</summary>
    public static ParseResult Parse(IReadOnlyList<string> arguments)
    {
        var options = new GlobalOptions();
        var parsed = Create(options).Parse(arguments);
        options.HideUnusable(parsed.CommandResult.Command);
        return parsed;
    }

    static RootCommand Create(GlobalOptions options)
    {
        var parts = new StandParts();
        var root = new RootCommand("Millrace: events flow from a C# emitter through Kafka topics into ClickHouse tables.")
        {
            UpCommand.Create(options, parts),
            DownCommand.Create(options),
            PsCommand.Create(options),
            LogsCommand.Create(options, parts),
            RestartCommand.Create(options, parts),
            RateCommand.Create(options),
            PlanCommand.Create(options),
            ApplyCommand.Create(options),
            PauseCommand.CreatePause(options),
            PauseCommand.CreateResume(options),
            StreamsCommand.Create(options),
            CheckCommand.Create(options),
            BenchCommand.Create(options),
            TopicsCommand.Create(options),
            GroupsCommand.Create(options),
            SqlCommand.Create(options),
            AuditCommand.Create(options),
            ExplainCommand.Create(options),
            DeadLettersCommand.Create(options),
            ReplayCommand.Create(options),
            DrillCommand.Create(options, parts),
            OpenCommand.Create(options),
            DdlCommand.Create(options),
            VersionCommand.Create(options),
            RunCommand.Create(options, parts),
        };
        options.AddTo(root);
        return root;
    }
}
