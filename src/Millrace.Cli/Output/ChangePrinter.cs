using System.Text.Json;
using Millrace.Cli.Basics;
using Millrace.Cli.Documents;

namespace Millrace.Cli.Output;

/// <summary>
/// What <c>down</c> and <c>restart</c> print: a line for each service that has come to rest, as it does. Its JSON is in
/// docs/CLI-OUTPUT.md: keep the two in step.
/// </summary>
/// <param name="wanted">The states that a service comes to rest in.</param>
sealed class ChangePrinter(OutputFormat format, params ServiceState[] wanted)
{
    public void Show(ServiceStatus service)
    {
        if (!wanted.Contains(service.State)) return;
        Console.Out.WriteLine(format == OutputFormat.Json
            ? JsonSerializer.Serialize(ServiceReport.Of(service, service.Since), OutputJson.Default.ServiceReport)
            : PlainView.Line(service));
    }

    public void Show(WipeReport wiped)
    {
        Console.Out.WriteLine(format == OutputFormat.Json ? JsonSerializer.Serialize(wiped, OutputJson.Default.WipeReport) : $"data: wiped from {wiped.Data}");
        if (wiped.Kept.Count > 0) Terminal.Note($"What is yours stays in {wiped.Data}: {string.Join(", ", wiped.Kept)}");
    }
}

/// <summary>The last line of <c>down -v</c> where there were data. Immutable.</summary>
/// <param name="Kept">What stays because no stand made it: names in the data directory, and full paths that links in it led to.</param>
sealed record WipeReport(string Data, IReadOnlyList<string> Kept, bool Wiped = true);
