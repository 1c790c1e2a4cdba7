using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Millrace.Streams.Ddl;

/// <summary>
/// A table or view that holds no data and so may be dropped and made again. Its comment in ClickHouse carries a fingerprint of the statement that made it:
/// ClickHouse rewrites a statement when it stores it, differently in each version, so the statements themselves can't be compared. Immutable.
/// </summary>
sealed partial record DdlObject(string Name, string CreateSql)
{
    const int FingerprintBytes = 8;

    public string Comment => $"millrace {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(CreateSql)).AsSpan(0, FingerprintBytes))}";

    public string CreateSqlWithComment => $"{CreateSql}\nCOMMENT {Sql.Text(Comment)}";

    /// <summary>Whether a comment is of the form of <see cref="Comment"/>: nothing else is ours to drop.</summary>
    public static bool IsOurs(string comment) => CommentForm().IsMatch(comment);

    [GeneratedRegex(@"^millrace [0-9a-f]{16}\z")]
    private static partial Regex CommentForm();
}
