using System.Security.Cryptography;
using System.Text;

namespace Millrace.Streams.Ddl;

/// <summary>A statement told apart from others, as ClickHouse rewrites what it stores.</summary>
static class SqlFingerprint
{
    /// <returns>The first <paramref name="bytes"/> of its SHA-256, in lower hexadecimal digits.</returns>
    public static string Of(string sql, int bytes) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)).AsSpan(0, bytes));
}
