namespace Millrace.Cli.Sql;

/// <summary>Reads lines from a terminal, with the usual keys and a history. One per terminal.</summary>
sealed class LineEditor(SqlHistory history)
{
    readonly LineBuffer _line = new();
    int _cursorRow;

    /// <returns>The line; null at Ctrl-D on an empty one; empty at Ctrl-C, with <paramref name="cancelled"/> set.</returns>
    public string? Read(string prompt, out bool cancelled)
    {
        _line.Set("");
        (_cursorRow, cancelled) = (0, false);
        Console.TreatControlCAsInput = true;
        try
        {
            return ReadKeys(prompt, ref cancelled);
        }
        finally
        {
            Console.TreatControlCAsInput = false;
        }
    }

    string? ReadKeys(string prompt, ref bool cancelled)
    {
        while (true)
        {
            Draw(prompt);
            var key = Console.ReadKey(intercept: true);
            switch (key)
            {
                case { Key: ConsoleKey.Enter }:
                    Finish(prompt);
                    return _line.Text;
                case { Key: ConsoleKey.C, Modifiers: ConsoleModifiers.Control }:
                    Finish(prompt);
                    cancelled = true;
                    return "";
                case { Key: ConsoleKey.D, Modifiers: ConsoleModifiers.Control } when _line.Text.Length == 0:
                    Finish(prompt);
                    return null;
                default:
                    Edit(key);
                    break;
            }
        }
    }

    void Edit(ConsoleKeyInfo key)
    {
        var control = key.Modifiers.HasFlag(ConsoleModifiers.Control);
        switch (key.Key)
        {
            case ConsoleKey.LeftArrow: _line.Left(); break;
            case ConsoleKey.RightArrow: _line.Right(); break;
            case ConsoleKey.Home or ConsoleKey.A when key.Key == ConsoleKey.Home || control: _line.Home(); break;
            case ConsoleKey.End or ConsoleKey.E when key.Key == ConsoleKey.End || control: _line.End(); break;
            case ConsoleKey.Backspace: _line.Backspace(); break;
            case ConsoleKey.Delete or ConsoleKey.D when key.Key == ConsoleKey.Delete || control: _line.Delete(); break;
            case ConsoleKey.U when control: _line.DeleteToStart(); break;
            case ConsoleKey.K when control: _line.DeleteToEnd(); break;
            case ConsoleKey.W when control: _line.DeleteWord(); break;
            case ConsoleKey.UpArrow: if (history.Older() is { } older) _line.Set(older); break;
            case ConsoleKey.DownArrow: _line.Set(history.Newer()); break;
            // A pasted tab keeps two words apart; how wide a terminal draws one, nobody knows.
            case ConsoleKey.Tab: _line.Insert(' '); break;
            default: if (!char.IsControl(key.KeyChar)) _line.Insert(key.KeyChar); break;
        }
    }

    /// <summary>Draws the line anew from the row where its prompt began: the terminal wraps what is longer than a row.</summary>
    void Draw(string prompt)
    {
        var width = Math.Max(1, Console.WindowWidth);
        var up = _cursorRow > 0 ? $"\e[{_cursorRow}A" : "";
        Console.Write($"{up}\r\e[J{prompt}{_line.Text}");
        var end = CellLayout.EndOf(prompt + _line.Text, width);
        var cursor = CellLayout.EndOf(prompt + _line.Text[.._line.Cursor], width);
        // A terminal that has just filled a row goes to the next only with the next character.
        if (end is { Row: > 0, Column: 0 }) Console.Write(" \r");
        var back = end.Row - cursor.Row;
        Console.Write((back > 0 ? $"\e[{back}A" : "") + "\r" + (cursor.Column > 0 ? $"\e[{cursor.Column}C" : ""));
        _cursorRow = cursor.Row;
    }

    void Finish(string prompt)
    {
        _line.End();
        Draw(prompt);
        Console.WriteLine();
    }
}
