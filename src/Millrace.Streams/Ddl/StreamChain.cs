using Millrace.Streams.Definition;

namespace Millrace.Streams.Ddl;

/// <summary>Everything between a stream's topic and its tables. Immutable.</summary>
sealed class StreamChain(StreamDefinition stream, StandEndpoints endpoints)
{
    public StreamDefinition Stream => stream;

    /// <summary>Whose it is.</summary>
    public string Stand => endpoints.Identity.Name;

    public DdlObject ParsedTable { get; } = new(stream.ParsedTable, ParsedTableSql.Create(stream), endpoints.Identity.Name, stream.Name);

    public DdlObject TargetView { get; } = new(stream.TargetView, TargetViewSql.Create(stream), endpoints.Identity.Name, stream.Name);

    public DdlObject DeadLetterView { get; } = new(stream.DeadLetterView, DeadLettersSql.CreateView(stream), endpoints.Identity.Name, stream.Name);

    public DdlObject RejectedTable { get; } = new(stream.RejectedTable, RejectedTableSql.Create(stream), endpoints.Identity.Name, stream.Name);

    public DdlObject ReparsedTable { get; } = new(stream.ReparsedTable, ReparsedTableSql.Create(stream), endpoints.Identity.Name, stream.Name);

    public DdlObject ReparseView { get; } = new(stream.ReparseView, ReparsedTableSql.CreateView(stream), endpoints.Identity.Name, stream.Name);

    public DdlObject ExactView { get; } = new(stream.ExactView, TargetViewSql.CreateExact(stream), endpoints.Identity.Name, stream.Name);

    public DdlObject RejectedView { get; } = new(stream.RejectedView, RejectedTableSql.CreateView(stream), endpoints.Identity.Name, stream.Name);

    public DdlObject QueueTable { get; } =
        new(stream.QueueTable, QueueTableSql.Create(stream, endpoints.QueueKafka, endpoints.Identity.Group), endpoints.Identity.Name, stream.Name);

    public DdlObject ParseView { get; } = new(stream.ParseView, ParseViewSql.Create(stream), endpoints.Identity.Name, stream.Name);

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
}
