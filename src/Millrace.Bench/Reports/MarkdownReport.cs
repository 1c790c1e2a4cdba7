using System.Text;
using Millrace.Bench.Results;

namespace Millrace.Bench.Reports;

/// <summary>results.md: tables to paste into an issue.</summary>
static class MarkdownReport
{
    public static string Of(BenchResults results)
    {
        var text = new StringBuilder();
        text.Append("# ").Append(ReportFacts.Title(results)).Append("\n\n");
        foreach (var (name, fact) in ReportFacts.Of(results)) text.Append("- ").Append(name).Append(": ").Append(fact).Append('\n');
        foreach (var table in ReportTable.Of(results).Where(table => table.Rows.Count > 0))
        {
            text.Append("\n## ").Append(table.Title).Append("\n\n");
            AppendRow(table.Columns);
            AppendRow(table.Columns.Select(_ => "---"));
            foreach (var row in table.Rows) AppendRow(row);
        }
        if (ReportFacts.Notes(results) is { Count: > 0 } notes)
            text.Append("\n## Notes\n\n").AppendJoin('\n', notes.Select(note => $"- {note}")).Append('\n');
        return text.ToString();

        void AppendRow(IEnumerable<string> cells) =>
            text.Append("| ").AppendJoin(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");
    }
}
