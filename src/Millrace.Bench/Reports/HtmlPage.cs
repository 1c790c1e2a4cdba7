using System.Net;
using System.Text;

namespace Millrace.Bench.Reports;

/// <summary>A report as one file that asks nobody for anything, in the page's colours, drawn by what the page draws with.</summary>
public static class HtmlPage
{
    /// <param name="data">
    /// What is drawn, as JSON that a script element can hold: <c>measurements</c>, as results.json has them (docs/BENCH.md).
    /// </param>
    public static string Of(
        string name, IReadOnlyList<(string Name, string Text)> facts, IReadOnlyList<ReportTable> tables, IReadOnlyList<string> notes,
        string data)
    {
        var title = Text(name);
        return $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'">
            <link rel="icon" href="data:,">
            <title>{title}</title>
            <style>{Resource("page.css")}{Resource("uPlot.css")}{Resource("report.css")}</style>
            </head>
            <body>
            <header><span class="brand">{title}</span></header>
            <main>
            <dl class="facts">{string.Concat(facts.Select(Fact))}</dl>
            {string.Concat(tables.Where(table => table.Rows.Count > 0).Select(Table))}
            {List(notes)}
            <div id="plots"></div>
            </main>
            <script type="application/json" id="data">{data}</script>
            <script>{Resource("uPlot.js")}</script>
            <script>{Resource("report.js")}</script>
            </body>
            </html>

            """;
    }

    static string Fact((string Name, string Text) fact) => $"<dt>{Text(fact.Name)}</dt><dd>{Text(fact.Text)}</dd>";

    static string Table(ReportTable table)
    {
        var html = new StringBuilder();
        html.Append("<h2>").Append(Text(table.Title)).Append("</h2><div class=\"scroll\"><table class=\"data\"><thead>");
        AppendRow("th", table.Columns);
        html.Append("</thead><tbody>");
        foreach (var row in table.Rows) AppendRow("td", row);
        return html.Append("</tbody></table></div>\n").ToString();

        void AppendRow(string cell, IEnumerable<string> texts)
        {
            html.Append("<tr>");
            foreach (var text in texts) html.Append('<').Append(cell).Append('>').Append(Text(text)).Append("</").Append(cell).Append('>');
            html.Append("</tr>");
        }
    }

    static string List(IReadOnlyList<string> notes) =>
        notes.Count > 0 ? $"<h2>Notes</h2><ul>{string.Concat(notes.Select(note => $"<li>{Text(note)}</li>"))}</ul>" : "";

    static string Text(string text) => WebUtility.HtmlEncode(text);

    static string Resource(string name)
    {
        using var stream = typeof(HtmlPage).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
