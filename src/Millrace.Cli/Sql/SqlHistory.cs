namespace Millrace.Cli.Sql;

/// <summary>What was typed before, the newest last; kept in a file between shells. Not thread-safe.</summary>
sealed class SqlHistory
{
    const int Longest = 1000;

    readonly string _path;
    readonly List<string> _statements;
    int _position;

    public SqlHistory(string path)
    {
        _path = path;
        _statements = File.Exists(path) ? [.. File.ReadLines(path).TakeLast(Longest)] : [];
        _position = _statements.Count;
    }

    /// <summary>Remembers a statement, in one line and so without its comments: "--" would reach to the end of all. A history that can't be written is none.</summary>
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
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            File.WriteAllLines(_path, _statements.TakeLast(Longest));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not worth disturbing somebody who is asking questions.
        }
    }
}
