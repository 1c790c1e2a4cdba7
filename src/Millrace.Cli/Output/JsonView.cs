using System.Text.Json;
using Millrace.Cli.Basics;
using Millrace.Cli.Documents;

namespace Millrace.Cli.Output;

/// <summary>What <c>up --output json</c> prints: NDJSON, the services as they change and, once everything is up, the flow each second.</summary>
sealed class JsonView(TextWriter output) : IStandView
{
    public bool ShowsFlow => true;

    public void Show(StandWatch watch)
    {
        foreach (var document in watch.ReadAll())
        {
            if (watch.TakeMissed() is > 0 and var missed)
                Terminal.Note($"{missed} changes of the stand are left out: stdout was not read in time.");
            if (document is { Cause: StandDocumentCause.FlowTrouble, FlowTrouble: { } trouble })
                Terminal.Note(FlowTable.Unknowable(trouble));
            if (Line(document) is { } line) output.WriteLine(line);
        }
    }

    static string? Line(StandDocument document) => document switch
    {
        { Cause: StandDocumentCause.Service, Service: { } service } =>
            JsonSerializer.Serialize(ServiceReport.Of(service, service.Since), OutputJson.Default.ServiceReport),
        { Cause: StandDocumentCause.Flow, Flow: { } flow } => JsonSerializer.Serialize(flow, OutputJson.Default.StandStatus),
        _ => null,
    };
}
