namespace Millrace.Cli.Sql;

/// <summary>A line that is being typed: its text and where the cursor is. Not thread-safe.</summary>
sealed class LineBuffer
{
    public string Text { get; private set; } = "";

    /// <summary>From 0 to the length of the text, inclusive.</summary>
    public int Cursor { get; private set; }

    public void Set(string text) => (Text, Cursor) = (text, text.Length);

    public void Insert(char character)
    {
        Text = Text.Insert(Cursor, character.ToString());
        Cursor++;
    }

    public void Left() => Cursor = Math.Max(0, Cursor - 1);

    public void Right() => Cursor = Math.Min(Text.Length, Cursor + 1);

    public void Home() => Cursor = 0;

    public void End() => Cursor = Text.Length;

    public void Backspace() => DeleteBack(Math.Max(0, Cursor - 1));

    public void Delete()
    {
        if (Cursor < Text.Length) Text = Text.Remove(Cursor, 1);
    }

    public void DeleteToStart() => DeleteBack(0);

    public void DeleteToEnd() => Text = Text[..Cursor];

    /// <summary>The word before the cursor, with the blanks after it.</summary>
    public void DeleteWord()
    {
        var start = Text.AsSpan(0, Cursor).TrimEnd().LastIndexOf(' ') + 1;
        DeleteBack(start);
    }

    void DeleteBack(int start)
    {
        Text = Text.Remove(start, Cursor - start);
        Cursor = start;
    }
}
