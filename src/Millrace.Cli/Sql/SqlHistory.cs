using System.Text;
using Millrace.Cli.Storage;

namespace Millrace.Cli.Sql;

/// <summary>What was typed before, the newest last; kept in a file between shells. Not thread-safe.</summary>
sealed class SqlHistory
{
    const int Longest = 1000;

    readonly string? _path;
    readonly List<string> _statements;
    int _position;

    /// <param name="path">null where no file may keep it.</param>
    public SqlHistory(string? path)
    {
        _path = path;
        _statements = path is not null && PrivateFile.Read(path) is { } bytes
            ? [.. Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(Longest)]
            : [];
        _position = _statements.Count;
    }

    /// <summary>
    /// Remembers a statement, in one line and so without its comments: "--" would reach to the end of all. A history that can't be
    /// written is none.
    /// </summary>
    public void Add(string statement)
    {
        var line = SqlSplitter.WithoutComments(statement).ReplaceLineEndings(" ").Trim();
        if (_statements.LastOrDefault() != line)
        {
            _statements.Add(line);
            Save();
        }
        _position = _statements.Count;
    }

    /// <summary>The one before the last that was asked for; null at the oldest.</summary>
    public string? Older() => _position > 0 ? _statements[--_position] : null;

    /// <summary>The one after it; empty after the newest.</summary>
    public string Newer()
    {
        _position = Math.Min(_position + 1, _statements.Count);
        return _position < _statements.Count ? _statements[_position] : "";
    }

    void Save()
    {
        if (_path is null) return;
        try
        {
            PrivateFile.Replace(_path, Encoding.UTF8.GetBytes(string.Concat(_statements.TakeLast(Longest).Select(line => line + "\n"))));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not worth disturbing somebody who is asking questions.
        }
    }
}
