using System.Diagnostics;
using Millrace.Bench.Stands;
using Millrace.Cli.Documents;
using Millrace.Cli.Output;
using Millrace.Cli.Services;
using Millrace.Cli.Supervision;
using Millrace.Streams;
using Millrace.Streams.Definition;
using Millrace.Streams.Events;

namespace Millrace.Cli.Commands;

/// <summary>The stands that <c>bench</c> measures: our own servers, one stand after the other, each in a folder of its own.</summary>
/// <param name="streams">Full path of the folder with the definitions.</param>
sealed class BenchStands(string streams) : IBenchStands
{
    static readonly string[] Servers = [ServiceNames.Broker, ServiceNames.ClickHouse, ServiceNames.Setup];

    public StreamCatalog Catalog { get; } = StreamCatalog.Load(streams);

    public EmitterOptions OptionsOf(IReadOnlyDictionary<string, string> emitter) => EmitterFlags.OptionsOf(emitter);

    public Task<T> RunAsync<T>(StandDemand demand, Func<IBenchStand, CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var view = new LatestView(isWatched: !demand.IsUnwatched);
        var started = Stopwatch.GetTimestamp();
        var scratch = new ScratchDemand(
            "bench",
            paths => new StandOptions { Paths = paths with { Streams = streams }, Streams = Catalog.Streams.Count, OpenLoop = true })
        {
            Services = demand.Emitter is null ? Servers : [.. Servers, ServiceNames.Emitter],
            Arguments = [.. EmitterFlags.ArgumentsOf(demand.Emitter ?? new Dictionary<string, string>())],
            View = view,
        };
        return ScratchStand.RunAsync(scratch, (run, stopping) => work(new BenchStand(run, view, started), stopping));
    }

    sealed class BenchStand(ScratchRun run, LatestView view, long started) : IBenchStand
    {
        public StandEndpoints Endpoints => run.Endpoints;

        public TimeSpan UpAfter { get; } = Stopwatch.GetElapsedTime(started);

        public TimeSpan Age => Stopwatch.GetElapsedTime(started);

        public StandLook Look()
        {
            var (document, stand) = (view.Last, view.Last?.Stand ?? run.Stand);
            return new StandLook(
                [.. stand.Services.Where(service => service.Process is not null).Select(service => LookAt(service.Name, service.Process!))],
                document?.Emitter,
                stand.Services.Any(service => service is { Name: ServiceNames.Emitter, State: ServiceState.Finished }),
                document?.Flow);
        }

        public Task KillAsync(string service, CancellationToken cancellation) => ControlClient.AskAsync(
            run.Paths, run.Stand, new ControlRequest(ControlRequest.Kill, service), _ => { }, cancellation);

        static ProcessLook LookAt(string name, ProcessIdentity process) => new(name, process.Pid, process.CpuSeconds, process.PeakBytes);
    }
}
