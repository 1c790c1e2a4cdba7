namespace Millrace.Cli.Output;

/// <summary>How a command answers on stdout: docs/CLI-OUTPUT.md is the contract of <see cref="Json"/>.</summary>
enum OutputFormat
{
    Table,
    Json,

    /// <summary>For commands that say so.</summary>
    Sql,

    /// <inheritdoc cref="Sql"/>
    JUnit,
}
