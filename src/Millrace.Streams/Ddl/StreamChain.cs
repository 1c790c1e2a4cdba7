using Millrace.Streams.Definition;

namespace Millrace.Streams.Ddl;

/// <summary>Everything between a stream's topic and its tables. Immutable.</summary>
sealed class StreamChain(StreamDefinition stream, StandEndpoints endpoints)
{
    public StreamDefinition Stream => stream;

    /// <summary>Whose it is.</summary>
    public string Stand => endpoints.Identity.Name;

    public DdlObject ParsedTable { get; } = Made(stream, endpoints, stream.ParsedTable, ParsedTableSql.Create(stream));

    public DdlObject TargetView { get; } = Made(stream, endpoints, stream.TargetView, TargetViewSql.Create(stream));

    public DdlObject DeadLetterView { get; } = Made(stream, endpoints, stream.DeadLetterView, DeadLettersSql.CreateView(stream));

    public DdlObject RejectedTable { get; } = Made(stream, endpoints, stream.RejectedTable, RejectedTableSql.Create(stream));

    public DdlObject ReparsedTable { get; } = Made(stream, endpoints, stream.ReparsedTable, ReparsedTableSql.Create(stream));

    public DdlObject ReparseView { get; } = Made(stream, endpoints, stream.ReparseView, ReparsedTableSql.CreateView(stream));

    public DdlObject ExactView { get; } = Made(stream, endpoints, stream.ExactView, TargetViewSql.CreateExact(stream));

    public DdlObject RejectedView { get; } = Made(stream, endpoints, stream.RejectedView, RejectedTableSql.CreateView(stream));

    public DdlObject QueueTable { get; } =
        Made(stream, endpoints, stream.QueueTable, QueueTableSql.Create(stream, endpoints.QueueKafka, endpoints.Identity.Group));

    public DdlObject ParseView { get; } = Made(stream, endpoints, stream.ParseView, ParseViewSql.Create(stream));

    /// <summary>Not of the chain: there while the stream is paused.</summary>
    public DdlObject PauseMark { get; } = StreamPause.MarkOf(stream, endpoints.Identity.Name);

    /// <summary>What makes ClickHouse read the topic, in the order of making and of dropping; a paused stream lacks both.</summary>
    public IReadOnlyList<DdlObject> Reading => [QueueTable, ParseView];

    /// <summary>All but what reads the topic, in the order of making.</summary>
    public IReadOnlyList<DdlObject> Behind =>
        [ParsedTable, TargetView, ReparsedTable, ExactView, DeadLetterView, RejectedTable, ReparseView, RejectedView];

    /// <summary>
    /// In the order of making. A queue table is read as soon as a view hangs on it, and what no view takes is lost: so all that stands
    /// behind the parse view comes before it. The way back begins with the queue table, as a parse view that goes first would leave a block
    /// in flight without a taker.
    /// </summary>
    public IReadOnlyList<DdlObject> InOrder => [.. Behind, .. Reading];

    /// <summary>In the order of dropping.</summary>
    public IReadOnlyList<DdlObject> InDropOrder =>
    [
        QueueTable, ParseView, TargetView, RejectedView, ReparseView, RejectedTable, DeadLetterView, ExactView, ReparsedTable, ParsedTable,
    ];

    /// <summary>All is there, table and views, as the stream is defined, but perhaps for what reads the topic.</summary>
    public bool IsSetUp(DatabaseState state) => Behind.All(state.Holds) && TargetChange.Of(stream, Stand, state).IsAsDefined;

    static DdlObject Made(StreamDefinition stream, StandEndpoints endpoints, string name, string createSql) =>
        new(name, createSql, endpoints.Identity.Name, stream.Name);
}
