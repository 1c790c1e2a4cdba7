using Spectre.Console;
using Spectre.Console.Rendering;

namespace Millrace.Cli.Basics;

/// <summary>
/// A table in the one style of all commands. Where it is wider than the terminal, columns go: a number that is cut or wrapped is a wrong
/// number. Not thread-safe.
/// </summary>
/// <param name="columns">Headings; one that ends in <c>&gt;</c> stands on the right.</param>
sealed class AnswerTable(IReadOnlyList<string> columns) : IRenderable
{
    readonly List<string[]> _rows = [];
    IReadOnlyList<string> _dispensable = [];

    /// <summary>Which columns go, by their headings, the first one first.</summary>
    /// <returns>The table.</returns>
    public AnswerTable Dropping(params string[] columns)
    {
        _dispensable = columns;
        return this;
    }

    /// <param name="cells">Markup, one for each column.</param>
    public void AddRow(params string[] cells) => _rows.Add(cells);

    public Measurement Measure(RenderOptions options, int maxWidth) => ((IRenderable)Fitting(maxWidth)).Measure(options, maxWidth);

    public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => ((IRenderable)Fitting(maxWidth)).Render(options, maxWidth);

    Table Fitting(int width)
    {
        var shown = Enumerable.Range(0, columns.Count).ToList();
        foreach (var heading in _dispensable)
        {
            if (shown.Sum(WidthOf) + shown.Count - 1 <= width) break;
            shown.RemoveAll(column => Heading(column) == heading);
        }
        var table = new Table { Border = TableBorder.None, ShowHeaders = true };
        foreach (var column in shown) table.AddColumn(Column(column));
        foreach (var row in _rows) table.AddRow([.. shown.Select(column => row[column])]);
        return table;
    }

    string Heading(int column) => columns[column].TrimEnd('>');

    int WidthOf(int column) =>
        _rows.Select(row => new Markup(row[column]).Length).Append(Heading(column).Length).Max();

    TableColumn Column(int column) => new(new Text(Heading(column), new Style(decoration: Decoration.Bold)))
    {
        NoWrap = true,
        Padding = new Padding(0, 0, 1, 0),
        Alignment = columns[column].EndsWith('>') ? Justify.Right : Justify.Left,
    };
}
