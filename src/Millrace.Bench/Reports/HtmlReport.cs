using Millrace.Bench.Results;

namespace Millrace.Bench.Reports;

/// <summary>report.html.</summary>
static class HtmlReport
{
    public static string Of(BenchResults results) => HtmlPage.Of(
        ReportFacts.Title(results), ReportFacts.Of(results), ReportTable.Of(results), ReportFacts.Notes(results), BenchJson.Line(results));
}
