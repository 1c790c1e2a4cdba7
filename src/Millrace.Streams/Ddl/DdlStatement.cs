using System.Text.RegularExpressions;

namespace Millrace.Streams.Ddl;

/// <summary>One step of a plan. Immutable.</summary>
/// <param name="Why">What makes it necessary, in a few words.</param>
public sealed partial record DdlStatement(string Sql, string Why)
{
    /// <summary>As ClickHouse's own SHOW CREATE TABLE shows it.</summary>
    public DdlStatement WithoutPassword() => this with { Sql = Password().Replace(Sql, $"{QueueTableSql.PasswordSetting} = '[HIDDEN]'") };

    [GeneratedRegex($@"{QueueTableSql.PasswordSetting} = '(\\.|[^'\\])*'")]
    private static partial Regex Password();
}
