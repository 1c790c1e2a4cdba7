using Millrace.Streams.ClickHouse;

namespace Millrace.Streams.Ddl;

/// <summary>
/// A table or view that holds no data and so may be dropped and made again. Its comment in ClickHouse names its stand and carries a
/// fingerprint of the statement that made it: ClickHouse rewrites a statement when it stores it, differently in each version, so the
/// statements themselves can't be compared. Immutable.
/// </summary>
/// <param name="Stream">The stream that it is of.</param>
sealed record DdlObject(string Name, string CreateSql, string Stand, string Stream)
{
    const int FingerprintBytes = 8;

    public string Comment => StandMark.OfObject(Stand, Fingerprint);

    public string CreateSqlWithComment => $"{CreateSql}\nCOMMENT {Sql.Text(Comment)}";

    public DdlStatement Create(string why) => new(CreateSqlWithComment, OperationOf(OperationKind.CreateObject, why));

    /// <inheritdoc cref="DdlStatement.Drop"/>
    public DdlStatement Drop(string why) => DdlStatement.Drop(Name, OperationOf(OperationKind.DropObject, why));

    /// <summary>A statement may hold a password.</summary>
    public override string ToString() => Name;

    Operation OperationOf(OperationKind kind, string why) => new(kind, Name, why) { Stream = Stream, IsOfChain = true };

    string Fingerprint => SqlFingerprint.Of(CreateSql, FingerprintBytes);

    /// <summary>The stand's own, and made by the same statement.</summary>
    public bool IsHeldAs(TableState table) => StandMark.ReadObject(table.Comment) == (Stand, Fingerprint);

    /// <summary>
    /// The stand whose object it is, and to drop; null when it is none of this kind. A copy that a user filled with rows may have taken
    /// over the comment: what an engine stores is nobody's to drop.
    /// </summary>
    public static string? OwnerOf(TableState table) =>
        table.Engine is "Kafka" or "MaterializedView" or "Null" ? StandMark.ReadObject(table.Comment)?.Stand : null;
}
