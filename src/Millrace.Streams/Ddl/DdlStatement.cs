using System.Text.Json.Serialization;
using Millrace.Secrets;
using Millrace.Streams.ClickHouse;

namespace Millrace.Streams.Ddl;

/// <summary>One step of a plan. Immutable.</summary>
public sealed record DdlStatement
{
    /// <param name="sql">With the password, if it needs one.</param>
    /// <param name="does">What it is a part of.</param>
    /// <param name="why">null: that of the whole.</param>
    public DdlStatement(string sql, Operation does, string? why = null) =>
        (Runs, Sql, Does, Why) = (new Secret(sql), SqlSecrets.Hide(sql), does, why ?? does.Why);

    /// <summary>SYNC: a queue table is read no more when the statement returns.</summary>
    public static DdlStatement Drop(string name, string why) => Drop(name, new Operation(OperationKind.DropObject, name, why));

    /// <inheritdoc cref="Drop(string, string)"/>
    public static DdlStatement Drop(string name, Operation does) => new($"DROP TABLE IF EXISTS {name} SYNC", does);

    /// <summary>As it may be shown: as ClickHouse's own SHOW CREATE TABLE shows it.</summary>
    public string Sql { get; }

    /// <summary>What makes it necessary, in a few words.</summary>
    public string Why { get; }

    /// <summary>From then on the table is not as it was: what read into it before can't be put back.</summary>
    [JsonIgnore]
    internal bool ChangesTable { get; init; }

    [JsonIgnore]
    public Operation Does { get; }

    /// <summary>As clickhouse-client takes it, without passwords.</summary>
    public string ToScript() => $"-- {Why}\n{Sql};\n\n";

    /// <summary>As it is run, passwords included.</summary>
    internal Secret Runs { get; }
}
