using Millrace.Secrets;
using Millrace.Streams.ClickHouse;

namespace Millrace.Streams.Ddl;

/// <summary>One step of a plan. Immutable.</summary>
public sealed record DdlStatement
{
    /// <param name="sql">With the password, if it needs one.</param>
    public DdlStatement(string sql, string why) => (Runs, Sql, Why) = (new Secret(sql), SqlSecrets.Hide(sql), why);

    /// <summary>As it may be shown: as ClickHouse's own SHOW CREATE TABLE shows it.</summary>
    public string Sql { get; }

    /// <summary>What makes it necessary, in a few words.</summary>
    public string Why { get; }

    /// <summary>As it is run, passwords included.</summary>
    internal Secret Runs { get; }
}
