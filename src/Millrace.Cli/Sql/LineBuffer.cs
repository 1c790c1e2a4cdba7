using System.Globalization;

namespace Millrace.Cli.Sql;

/// <summary>A line that is being typed: its text and where the cursor is. Not thread-safe.</summary>
sealed class LineBuffer
{
    public string Text { get; private set; } = "";

    /// <summary>From 0 to the length of the text, inclusive; never within what is seen as one character (a text element).</summary>
    public int Cursor { get; private set; }

    public void Set(string text) => (Text, Cursor) = (text, text.Length);

    public void Insert(char character)
    {
        Text = Text.Insert(Cursor, character.ToString());
        Cursor++;
    }

    public void Left() => Cursor = Before;

    public void Right() => Cursor = After;

    public void Home() => Cursor = 0;

    public void End() => Cursor = Text.Length;

    public void Backspace() => DeleteBack(Before);

    public void Delete() => Text = Text.Remove(Cursor, After - Cursor);

    public void DeleteToStart() => DeleteBack(0);

    public void DeleteToEnd() => Text = Text[..Cursor];

    /// <summary>The word before the cursor, with the blanks after it.</summary>
    public void DeleteWord()
    {
        var start = Text.AsSpan(0, Cursor).TrimEnd().LastIndexOf(' ') + 1;
        DeleteBack(start);
    }

    /// <summary>Where the character before the cursor begins.</summary>
    int Before => StringInfo.ParseCombiningCharacters(Text[..Cursor]) is [.., var start] ? start : 0;

    /// <summary>Where the character at the cursor ends.</summary>
    int After => Cursor + StringInfo.GetNextTextElementLength(Text.AsSpan(Cursor));

    void DeleteBack(int start)
    {
        Text = Text.Remove(start, Cursor - start);
        Cursor = start;
    }
}
