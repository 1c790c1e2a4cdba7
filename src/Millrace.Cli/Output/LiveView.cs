using Millrace.Cli.Documents;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Millrace.Cli.Output;

/// <summary>What <c>up</c> shows on a terminal: the services as they come up, then a table of what flows, drawn anew each second.</summary>
sealed class LiveView(TimeProvider time) : IStandView
{
    readonly long _started = time.GetTimestamp();

    public bool ShowsFlow => true;

    public void Show(StandWatch watch)
    {
        using var documents = watch.ReadAll().GetEnumerator();
        while (documents.MoveNext())
            if (documents.Current is { Stand.Phase: StandPhase.Running }) ShowRunning(documents);
            else ShowChange(documents.Current);
    }

    static void ShowChange(StandDocument document)
    {
        if (document is not { Cause: StandDocumentCause.Service, Service: { } service }) return;
        if (service.State is not (ServiceState.Waiting or ServiceState.Starting)) AnsiConsole.WriteLine(PlainView.Line(service));
    }

    void ShowRunning(IEnumerator<StandDocument> documents)
    {
        AnsiConsole.WriteLine($"Everything is up after {time.GetElapsedTime(_started).TotalSeconds:0.0} s.");
        if (documents.Current.Stand.PageLink is { } link) AnsiConsole.WriteLine($"page: {link}");
        AnsiConsole.WriteLine();
        AnsiConsole.Live(Text.Empty).Start(live =>
        {
            do if (Table(documents.Current) is { } table) live.UpdateTarget(table);
            while (documents.MoveNext() && documents.Current.Stand.Phase == StandPhase.Running);
        });
        AnsiConsole.WriteLine("Stopping ...");
    }

    /// <returns>null where there is nothing new to see.</returns>
    static IRenderable? Table(StandDocument document) => document switch
    {
        { Cause: StandDocumentCause.Flow, Flow: { } flow } =>
            FlowTable.Render(flow, document.Emitter, Troubles(document.Stand.Services, FlowTable.Troubles(flow))),
        { Cause: StandDocumentCause.Service or StandDocumentCause.FlowTrouble, FlowTrouble: { } trouble } =>
            FlowTable.Render(null, document.Emitter, Troubles(document.Stand.Services, [FlowTable.Unknowable(trouble)])),
        _ => null,
    };

    /// <summary>A line for each service that is away, and what else is wrong.</summary>
    internal static List<string> Troubles(IEnumerable<ServiceStatus> services, IEnumerable<string> others)
    {
        var away = services.Where(service => service.State is ServiceState.Restarting or ServiceState.Starting or ServiceState.Failed);
        return [.. away.Select(PlainView.Line), .. others];
    }
}
