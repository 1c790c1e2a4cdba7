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

    [Theory]
    [InlineData("a😀b")]
    [InlineData("ae\u0301b")]
    public void Keys_take_what_is_seen_as_one_character_whole(string text)
    {
        Type(text);
        _line.Left();
        _line.Left();
        _line.Delete();
        Assert.Equal(("ab", 1), (_line.Text, _line.Cursor));
    }

    [Theory]
    [InlineData("abc", 10, 0, 3)]
    [InlineData("日本", 10, 0, 4)]
    [InlineData("ab日", 3, 1, 2)]
    [InlineData("abc", 3, 1, 0)]
    [InlineData("e\u0301", 10, 0, 1)]
    public void A_text_ends_where_the_terminal_shows_its_end(string text, int width, int row, int column) =>
        Assert.Equal((row, column), CellLayout.EndOf(text, width));

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
