using System.Text.Json;
using System.Text.Json.Serialization;
using Millrace.Cli.Basics;
using Millrace.Streams.Ddl;
using Millrace.Streams.Setup;

namespace Millrace.Cli.Output;

/// <summary>
/// What <c>apply</c> is about to do, in its order. Its JSON is in docs/CLI-OUTPUT.md: keep the two in step. Immutable.
/// </summary>
/// <param name="Operations">What the statements come to.</param>
/// <param name="Emitter">What becomes of the stand's own emitter.</param>
sealed record EditPlan(
    IReadOnlyList<TopicEdit> Topics, IReadOnlyList<Operation> Operations, IReadOnlyList<DdlStatement> Statements,
    IReadOnlyList<DemandReport> Demands, EmitterFate Emitter)
{
    [JsonIgnore]
    public bool IsEmpty => Topics.Count == 0 && Statements.Count == 0 && Emitter != EmitterFate.Restarts;

    public void Print(OutputFormat output)
    {
        switch (output)
        {
            case OutputFormat.Json:
                Console.Out.WriteLine(JsonSerializer.Serialize(this, OutputJson.Default.EditPlan));
                break;
            case OutputFormat.Sql:
                foreach (var statement in Statements) Console.Out.Write(statement.ToScript());
                break;
            default:
                foreach (var line in Lines()) Console.Out.WriteLine(line);
                break;
        }
    }

    /// <summary>The plan in words, a line for each step.</summary>
    IEnumerable<string> Lines()
    {
        if (IsEmpty) yield break;
        if (Emitter == EmitterFate.Restarts) yield return "The emitter stops.";
        foreach (var demand in Demands) yield return demand.Before;
        foreach (var line in Topics.SelectMany(topic => topic.Lines())) yield return line;
        foreach (var line in OperationLines.Of(Operations)) yield return line;
        if (Emitter == EmitterFate.Restarts) yield return "The emitter starts by the new definitions.";
        foreach (var demand in Demands) yield return demand.After;
        if (Emitter == EmitterFate.Elsewhere && Demands.Count > 0)
            yield return "No emitter of this stand runs here: stop whoever makes these records first, and start it anew when this is done.";
    }
}

/// <summary>A topic that is made, or gets more partitions or other configs. Immutable.</summary>
/// <param name="From">Partitions that it has now; 0 when there is no such topic.</param>
/// <param name="To">Partitions that it has afterwards.</param>
sealed record TopicEdit(string Topic, int From, int To, IReadOnlyList<TopicConfigEdit> Configs)
{
    public IEnumerable<string> Lines()
    {
        var configs = string.Join(", ", Configs.Select(config => $"{config.Name} {config.To}"));
        if (From == 0) yield return $"Topic {Topic} is made, with {To} partitions{(Configs.Count > 0 ? $", {configs}" : "")}.";
        else if (To > From) yield return $"Topic {Topic} gets {To} partitions instead of {From}.";
        if (From == 0) yield break;
        foreach (var config in Configs)
            yield return $"Topic {Topic} gets {config.Name} {config.To}{(config.From is { } before ? $" instead of {before}" : "")}"
                + (config.DeletesSooner ? ": Kafka deletes the records that are past it." : ".");
    }
}

/// <summary>What a record must have from now on, and need not have now. Immutable.</summary>
/// <param name="Columns">Columns that the table does not have yet.</param>
/// <param name="Changed">Columns whose source, format, type or rules refuse more than before.</param>
/// <param name="Unread">Records of the topic that the group has not read at this moment.</param>
/// <param name="Paused">The stream is paused, so that nobody can read them by the definitions of before.</param>
sealed record DemandReport(
    string Topic, string TargetTable, IReadOnlyList<string> Columns, IReadOnlyList<string> Changed, long Unread, bool Paused)
{
    public string Before => Paused
        ? $"{Topic} is paused: those of its {Humanize.Count(Unread)} unread records that {Lack} will be dead letters. "
            + "To have them stored, resume the stream before."
        : $"ClickHouse reads what {Topic} holds, {Humanize.Count(Unread)} unread records now, by the definitions of before"
        + (Columns.Count > 0
            ? $": their rows in {TargetTable}, as those that are there, show {Names(Columns)} with the default of its type."
            : ".");

    public string After => Columns.Count == 0
        ? $"From then on a record of {Topic} that has no {Names(Changed)} as defined is a dead letter."
        : $"From then on a record of {Topic} without {Names(Columns)} is a dead letter"
            + (Changed.Count > 0 ? $", and one that has no {Names(Changed)} as defined." : ".");

    string Lack =>
        $"{(Columns.Count > 0 ? "lack" : "have no")} {Names([.. Columns, .. Changed])}{(Changed.Count > 0 ? " as defined" : "")}";

    static string Names(IReadOnlyList<string> columns) => string.Join(" and ", columns);
}

/// <summary>What becomes of an emitter when definitions are edited.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EmitterFate>))]
enum EmitterFate
{
    /// <summary>It goes by these definitions already.</summary>
    [JsonStringEnumMemberName("stays")]
    Stays,

    /// <summary>It stops first and starts last.</summary>
    [JsonStringEnumMemberName("restarts")]
    Restarts,

    /// <summary>Whoever makes the records is not ours to restart.</summary>
    [JsonStringEnumMemberName("elsewhere")]
    Elsewhere,

    /// <summary>It has made all events that it was asked for.</summary>
    [JsonStringEnumMemberName("done")]
    Done,
}
