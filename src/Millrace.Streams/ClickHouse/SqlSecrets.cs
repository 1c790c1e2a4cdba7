using System.Text.RegularExpressions;

namespace Millrace.Streams.ClickHouse;

/// <summary>Takes what is nobody's to see out of SQL, and out of errors that quote it.</summary>
static partial class SqlSecrets
{
    /// <summary>The one setting of our statements whose value is a secret.</summary>
    public const string KafkaPassword = "kafka_sasl_password";

    /// <summary>As ClickHouse's own SHOW CREATE TABLE shows it.</summary>
    public static string Hide(string text) => Password().Replace(text, $"{KafkaPassword} = '[HIDDEN]'");

    /// <summary>An error may quote a statement that it cuts off within the literal.</summary>
    [GeneratedRegex($@"{KafkaPassword}\s*=\s*'(\\.|[^'\\])*('|\\?\z)")]
    private static partial Regex Password();
}
