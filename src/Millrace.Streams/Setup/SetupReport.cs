using Millrace.Streams.Ddl;

namespace Millrace.Streams.Setup;

/// <summary>What a setup did. Immutable.</summary>
/// <param name="CreatedTopics">Topics that did not exist.</param>
/// <param name="RaisedTopics">Topics that had fewer partitions than defined.</param>
/// <param name="Statements">What was run in ClickHouse, in order.</param>
public sealed record SetupReport(
    IReadOnlyList<string> CreatedTopics,
    IReadOnlyList<string> RaisedTopics,
    IReadOnlyList<DdlStatement> Statements,
    TimeSpan Elapsed)
{
    /// <summary>Topics whose configs were other than defined.</summary>
    public IReadOnlyList<string> ConfiguredTopics { get; init; } = [];

    /// <summary>A stream that was set up before holds something else: its definition was edited.</summary>
    public bool ChangedSchema { get; init; }

    public bool ChangedNothing => CreatedTopics.Count + RaisedTopics.Count + ConfiguredTopics.Count + Statements.Count == 0;
}
