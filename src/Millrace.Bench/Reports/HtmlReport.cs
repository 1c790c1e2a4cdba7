using System.Net;
using System.Text;
using Millrace.Bench.Results;

namespace Millrace.Bench.Reports;

/// <summary>report.html: one file that asks nobody for anything, in the page's colours, drawn by what the page draws with.</summary>
static class HtmlReport
{
    public static string Of(BenchResults results)
    {
        var title = Text(ReportFacts.Title(results));
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
            <dl class="facts">{string.Concat(ReportFacts.Of(results).Select(Fact))}</dl>
            {string.Concat(ReportTable.Of(results).Where(table => table.Rows.Count > 0).Select(Table))}
            {Notes(results)}
            <div id="plots"></div>
            </main>
            <script type="application/json" id="data">{BenchJson.Line(results)}</script>
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

    static string Notes(BenchResults results) => ReportFacts.Notes(results) is { Count: > 0 } notes
        ? $"<h2>Notes</h2><ul>{string.Concat(notes.Select(note => $"<li>{Text(note)}</li>"))}</ul>"
        : "";

    static string Text(string text) => WebUtility.HtmlEncode(text);

    static string Resource(string name)
    {
        using var stream = typeof(HtmlReport).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
