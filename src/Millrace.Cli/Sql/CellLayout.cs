using System.Globalization;
using Spectre.Console.Rendering;

namespace Millrace.Cli.Sql;

/// <summary>Where a text ends on a terminal, which wraps it: characters take no cell, one, or two as those of Chinese, Japanese and emoji do.</summary>
static class CellLayout
{
    /// <param name="width">Columns of the terminal.</param>
    /// <returns>Row and column after the text, from the cell where it began; a row that is just full is followed by the next one.</returns>
    public static (int Row, int Column) EndOf(string text, int width)
    {
        var (row, column) = (0, 0);
        var elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
        {
            var cells = Math.Min(width, new Segment(elements.GetTextElement()).CellCount());
            // A wide character that has no room at the end of a row goes to the next one whole.
            if (column + cells > width) (row, column) = (row + 1, 0);
            column += cells;
            if (column == width) (row, column) = (row + 1, 0);
        }
        return (row, column);
    }
}
