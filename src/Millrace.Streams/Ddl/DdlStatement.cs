using Millrace.Secrets;
using Millrace.Streams.ClickHouse;

namespace Millrace.Streams.Ddl;

/// <summary>One step of a plan. Immutable.</summary>
public sealed record DdlStatement
{
    /// <param name="sql">With the password, if it needs one.</param>
    public DdlStatement(string sql, string why) => (Runs, Sql, Why) = (new Secret(sql), SqlSecrets.Hide(sql), why);

    /// <summary>SYNC: a queue table is read no more when the statement returns.</summary>
    public static DdlStatement Drop(string name, string why) => new($"DROP TABLE IF EXISTS {name} SYNC", why);

    /// <summary>As it may be shown: as ClickHouse's own SHOW CREATE TABLE shows it.</summary>
    public string Sql { get; }

    /// <summary>What makes it necessary, in a few words.</summary>
    public string Why { get; }

    /// <summary>As it is run, passwords included.</summary>
    internal Secret Runs { get; }
}
