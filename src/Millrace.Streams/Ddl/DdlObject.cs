using System.Security.Cryptography;
using System.Text;

namespace Millrace.Streams.Ddl;

/// <summary>
/// A table or view that holds no data and so may be dropped and made again. Its comment in ClickHouse carries a fingerprint of the statement that made it:
/// ClickHouse rewrites a statement when it stores it, differently in each version, so the statements themselves can't be compared. Immutable.
/// </summary>
sealed record DdlObject(string Name, string CreateSql)
{
    /// <summary>Begins the comment of everything that is ours to drop.</summary>
    public const string CommentPrefix = "millrace ";

    const int FingerprintBytes = 8;

    public string Comment => CommentPrefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(CreateSql)).AsSpan(0, FingerprintBytes));

    public string CreateSqlWithComment => $"{CreateSql}\nCOMMENT {Sql.Text(Comment)}";
}
