using Millrace.Cli.Sql;

namespace Millrace.Cli.Tests.Sql;

public sealed class LineBufferTests
{
    readonly LineBuffer _line = new();

    [Fact]
    public void Characters_go_in_at_the_cursor()
    {
        Type("SELCT");
        _line.Left();
        _line.Left();
        Type("E");
        Assert.Equal("SELECT", _line.Text);
    }

    [Fact]
    public void Keys_at_both_ends_do_nothing()
    {
        _line.Left();
        _line.Right();
        _line.Backspace();
        _line.Delete();
        Assert.Equal(("", 0), (_line.Text, _line.Cursor));
    }

    [Fact]
    public void Delete_word_takes_the_word_before_the_cursor_and_the_blanks_after_it()
    {
        Type("SELECT count()  ");
        _line.DeleteWord();
        Assert.Equal(("SELECT ", 7), (_line.Text, _line.Cursor));
    }

    [Fact]
    public void Delete_to_start_and_to_end_part_the_line_at_the_cursor()
    {
        Type("abcdef");
        for (var i = 0; i < 3; i++) _line.Left();
        _line.DeleteToStart();
        Assert.Equal(("def", 0), (_line.Text, _line.Cursor));
        _line.Right();
        _line.DeleteToEnd();
        Assert.Equal("d", _line.Text);
    }

    void Type(string text)
    {
        foreach (var character in text) _line.Insert(character);
    }
}
