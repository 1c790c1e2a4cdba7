using System.Text;
using Millrace.Cli.Basics;

namespace Millrace.Cli.Sql;

/// <summary>
/// Copies a result and finds out whether ClickHouse broke it off: a status of 200 is sent before the first row, so an error after it can only be told at
/// the end. Not thread-safe: one per result.
/// </summary>
/// <remarks>
/// The last bytes of such a result are, with the tag of the header X-ClickHouse-Exception-Tag
/// (src/Server/HTTP/WriteBufferFromHTTPServerResponse.cpp, since 25.11):
/// CR LF __exception__ CR LF tag CR LF text LF length SP tag CR LF __exception__ CR LF.
/// </remarks>
sealed class ResultTail(string? tag)
{
    /// <summary>More than ClickHouse lets an error text be: MAX_EXCEPTION_SIZE is 16 KiB.</summary>
    const int TailBytes = 20 * 1024;

    const string Marker = "__exception__";

    readonly byte[] _tail = new byte[TailBytes];
    int _filled;

    /// <exception cref="CliException">ClickHouse broke the result off; what came before has been copied, marker and all.</exception>
    public async Task CopyAsync(Stream body, Stream output, CancellationToken cancellation)
    {
        var buffer = new byte[64 * 1024];
        for (int read; (read = await body.ReadAsync(buffer, cancellation)) > 0;)
        {
            await output.WriteAsync(buffer.AsMemory(0, read), cancellation);
            if (tag is not null) Keep(buffer.AsSpan(0, read));
        }
        await output.FlushAsync(cancellation);
        if (Exception() is { } text) throw new CliException(ExitCodes.Failed, text);
    }

    void Keep(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > TailBytes) bytes = bytes[^TailBytes..];
        var kept = Math.Min(_filled, TailBytes - bytes.Length);
        _tail.AsSpan(_filled - kept, kept).CopyTo(_tail);
        bytes.CopyTo(_tail.AsSpan(kept));
        _filled = kept + bytes.Length;
    }

    string? Exception()
    {
        var text = Encoding.UTF8.GetString(_tail, 0, _filled).TrimEnd();
        if (tag is null || !text.EndsWith(Marker, StringComparison.Ordinal)) return null;
        var start = text.IndexOf($"{Marker}\r\n{tag}\r\n", StringComparison.Ordinal);
        if (start < 0) return null;
        var message = text[(start + Marker.Length + tag.Length + 4)..^Marker.Length].TrimEnd();
        return message[..message.LastIndexOf('\n')].Trim();
    }
}
