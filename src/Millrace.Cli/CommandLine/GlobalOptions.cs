using System.CommandLine;
using System.CommandLine.Parsing;
using Millrace.Cli.Output;

namespace Millrace.Cli.CommandLine;

/// <summary>
/// The options that may stand anywhere on the command line. Each command says which of them it can use. One set for the whole command tree.
/// </summary>
sealed class GlobalOptions
{
    readonly Dictionary<Command, Option[]> _usable = [];
    readonly HashSet<(Command Command, string Word)> _printing = [];

    public Option<string?> Kafka { get; } = new("--kafka")
    {
        Recursive = true,
        HelpName = "HOST:PORT",
        Description = "A Kafka that somebody else runs (bootstrap servers), instead of the stand's own broker.",
        Validators = { MustBeBootstrap },
    };

    public Option<string?> ClickHouse { get; } = new("--clickhouse")
    {
        Recursive = true,
        HelpName = "URL",
        Description = "A ClickHouse that somebody else runs (its HTTP interface), instead of the stand's own: "
            + "http://user:password@host:8123/database; the password may also stand in MILLRACE_CLICKHOUSE_PASSWORD.",
        Validators = { MustBeHttpUrl },
    };

    public Option<string?> Profile { get; } = new("--profile")
    {
        Recursive = true,
        HelpName = "FILE",
        Description = "A file that names such servers with users, passwords, TLS and SASL: MILLRACE_PROFILE unless given; "
            + "see deploy/profile.example.yaml.",
    };

    public Option<string?> Data { get; } = new("--data")
    {
        Recursive = true,
        HelpName = "DIR",
        Description = "The stand's data directory: MILLRACE_DATA, or .millrace in the checkout, unless given.",
        Validators = { MustNameAFolder },
    };

    public Option<string?> Streams { get; } = new("--streams")
    {
        Recursive = true,
        HelpName = "DIR",
        Description = "The folder with the stream definitions: streams in the checkout unless given.",
        Validators = { MustNameAFolder },
    };

    public Option<OutputFormat> Output { get; } = new("--output", "-o")
    {
        Recursive = true,
        HelpName = "table|json",
        Description = "How to print: a table for people unless given, or JSON as docs/CLI-OUTPUT.md describes it.",
        CustomParser = ParseFormat,
    };

    /// <summary>Not for every command: each adds them that has a use for them.</summary>
    public IdentityOptions Identity { get; } = new();

    Option[] All => [Kafka, ClickHouse, Profile, Data, Streams, Output];

    public void AddTo(Command root)
    {
        foreach (var option in All) root.Add(option);
    }

    /// <summary>Refuses the others by name: an option that is taken and ignored is a promise that is not kept.</summary>
    /// <returns>The command.</returns>
    public Command Only(Command command, params Option[] usable)
    {
        _usable[command] = usable;
        command.Validators.Add(result =>
        {
            var useless = All.Except(usable).Where(option => result.GetResult(option) is { Implicit: false })
                .Select(option => option.Name).ToList();
            if (useless.Count > 0) result.AddError($"{command.Name} has no use for {string.Join(" and ", useless)}.");
            if (result.GetResult(Output)?.Tokens is [{ Value: "sql" or "junit" } word] && !_printing.Contains((command, word.Value)))
                result.AddError($"--output takes table or json, not '{word.Value}'.");
        });
        return command;
    }

    /// <summary>The command takes <c>--output</c> with this word, too, which not every command does.</summary>
    public void Prints(Command command, string word) => _printing.Add((command, word));

    /// <summary>Leaves what the command can't use out of its help.</summary>
    public void HideUnusable(Command command)
    {
        if (!_usable.TryGetValue(command, out var usable)) return;
        foreach (var option in All.Except(usable)) option.Hidden = true;
    }

    static OutputFormat ParseFormat(ArgumentResult result)
    {
        var word = result.Tokens[0].Value;
        OutputFormat? format = word switch
        {
            "table" => OutputFormat.Table,
            "json" => OutputFormat.Json,
            "sql" => OutputFormat.Sql,
            "junit" => OutputFormat.JUnit,
            _ => null,
        };
        if (format is null) result.AddError($"--output takes table or json, of plan also sql and of check also junit, not '{word}'.");
        return format ?? OutputFormat.Table;
    }

    static void MustNameAFolder(OptionResult result)
    {
        if (result.GetValueOrDefault<string?>() == "") result.AddError($"{result.Option.Name} takes a folder, not an empty word.");
    }

    static void MustBeBootstrap(OptionResult result)
    {
        var value = result.GetValueOrDefault<string?>();
        if (value is null || value.Split(',').All(IsHostAndPort)) return;
        result.AddError($"--kafka takes HOST:PORT, several with commas between them, not '{value}'.");
    }

    static bool IsHostAndPort(string server) =>
        server.LastIndexOf(':') is > 0 and var colon && ushort.TryParse(server[(colon + 1)..], out var port) && port > 0;

    static void MustBeHttpUrl(OptionResult result)
    {
        var value = result.GetValueOrDefault<string?>();
        if (value is null) return;
        var isUrl = Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";
        // Nothing would read a user and a password there, and they would stand in every command line.
        if (isUrl && url!.Query.Length > 0)
            result.AddError("--clickhouse takes no ?name=value: write http://user:password@host:8123/database.");
        if (isUrl) return;
        result.AddError($"--clickhouse takes the URL of ClickHouse's HTTP interface, such as http://127.0.0.1:8123/, not '{value}'.");
    }
}
