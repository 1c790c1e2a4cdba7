using System.Text;
using Millrace.ClickHouse.Errors;
using Millrace.ClickHouse.Sql;

namespace Millrace.ClickHouse.Http;

/// <summary>
/// The statement of a request: the parameter query, a line break, the body. Rows of an INSERT stay in the body until the engine wants them.
/// </summary>
/// <param name="Text">All of it, or at least the first <see cref="QueryRequest.MaxQueryBytes"/> bytes.</param>
/// <param name="Rest">What follows <paramref name="Text"/>; null when nothing does.</param>
sealed record QueryInput(byte[] Text, Stream? Rest)
{
    const int FirstBytes = 8 * 1024;

    public static async Task<QueryInput> ReadAsync(QueryRequest request, Stream body, CancellationToken cancellation)
    {
        var head = request.UrlQuery.Length == 0 ? "" : request.UrlQuery + "\n";
        var length = Encoding.UTF8.GetByteCount(head);
        var limit = Math.Max(length, request.MaxQueryBytes) + 1;
        // An ordinary statement fits, and stays off the large-object heap.
        var text = new byte[Math.Min(limit, length + FirstBytes)];
        Encoding.UTF8.GetBytes(head, text);
        while (true)
        {
            var count = await body.ReadAsync(text.AsMemory(length), cancellation);
            if (count == 0) return new QueryInput(text[..length], null);
            length += count;
            if (length == limit) return new QueryInput(text, body);
            if (length == text.Length) Array.Resize(ref text, (int)Math.Min(limit, 2L * length));
        }
    }

    /// <summary>Where the rows begin; null for a statement without rows of its own.</summary>
    public InsertHead? FindInsert() => InsertHead.Find(Text);

    /// <exception cref="EngineException">The text is no single statement that may come by HTTP.</exception>
    public StatementText Parse()
    {
        if (Rest is not null)
        {
            throw SyntaxError(
                $"Syntax error: failed at position {Text.Length - 1}: "
                + "Max query size exceeded (can be increased with the `max_query_size` setting).");
        }
        var statement = StatementText.Parse(AsSent.ReadProcesses(Text));
        if (statement.IsEmpty) throw SyntaxError("Empty query.");
        if (statement.SecondStatementOffset is >= 0 and var second)
            throw SyntaxError($"Syntax error (Multi-statements are not allowed): failed at position {second + 1}.");
        if (statement.WritesIntoFile)
            throw new EngineException(ErrorCodes.IntoOutfileNotAllowed, "INTO_OUTFILE_NOT_ALLOWED", "INTO OUTFILE is not allowed.");
        if (statement.ReadsFromFile)
        {
            throw new EngineException(
                ErrorCodes.UnknownTypeOfQuery, "UNKNOWN_TYPE_OF_QUERY", "FROM INFILE is not allowed: the file would be the server's.");
        }
        return statement;
    }

    static EngineException SyntaxError(string what) => new(ErrorCodes.SyntaxError, "SYNTAX_ERROR", what);
}
