using System.Collections.Concurrent;
using System.Net.Sockets;
using Millrace.Cli.Basics;
using Millrace.Cli.Documents;
using Millrace.Cli.Supervision;
using Millrace.Streams.Events;
using Millrace.Testing;

namespace Millrace.Cli.Tests.Supervision;

/// <summary>The supervisor with shell scripts for services: `cat` ends when its stdin does, as a role does.</summary>
public sealed class StandSupervisorTests : IDisposable
{
    const string Ready = """echo '{"event":"ready","endpoint":"here"}'; """;

    /// <summary>Does not end with its stdin.</summary>
    const string Stubborn = "exec sleep 1000";

    readonly TemporaryDirectory _directory = new();
    readonly StopSignals _signals = new();
    readonly RecordingView _view = new();
    IStandView? _otherView;
    TimeProvider _time = TimeProvider.System;
    readonly StandPlan _plan = new([]) { Kafka = "127.0.0.1:1", ClickHouse = new Uri("http://127.0.0.1:2/") };

    StandPaths Paths => new(_directory.Path, _directory.Sub("streams"));

    StandState? State => new StateFile(Paths.State).Read();

    public void Dispose()
    {
        _signals.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Services_start_when_what_they_need_is_ready_and_stop_in_the_reverse_order()
    {
        var note =
            $"""trap 'echo "$NAME stopped" >> {_directory.Sub("order")}' EXIT; echo "$NAME started" >> {_directory.Sub("order")}; """;
        await RunAsync(async () => { await RunningAsync(); _signals.RequestStop(); }, [
            Service("broker", note + Ready + "cat"),
            Service("setup", note + "exit 0", "broker") with { RunsOnce = true },
            Service("emitter", note + Ready + "cat", "setup"),
        ]);
        string[] order = ["broker started", "setup started", "setup stopped", "emitter started", "emitter stopped", "broker stopped"];
        Assert.Equal(order, await File.ReadAllLinesAsync(_directory.Sub("order")));
        Assert.Null(State);
    }

    [Fact]
    public async Task A_service_that_is_killed_comes_back_and_the_death_is_counted()
    {
        await RunAsync(async () =>
        {
            var first = (await RunningAsync()).Services[0];
            first.Process!.Kill();
            var second = await Eventually.Gives(
                () => Task.FromResult(State!.Services[0]), service => service is { State: ServiceState.Running, Restarts: 1 },
                "running again");
            Assert.NotEqual(first.Process, second.Process);
            Assert.Equal("killed (SIGKILL)", second.LastExit);
            _signals.RequestStop();
        }, [Service("broker", Ready + "exec cat")]);
    }

    [Fact]
    public async Task A_service_that_dies_before_it_is_ready_fails_the_start_with_its_exit_code_and_last_words_and_takes_the_others_down()
    {
        var failed = await Assert.ThrowsAsync<CliException>(() => RunAsync(() => Task.CompletedTask,
            [Service("broker", Ready + "exec cat"), Service("setup", "echo 'no such topic' >&2; exit 3", "broker")]));
        Assert.Equal((3, "setup: no such topic"), (failed.ExitCode, failed.Message));
        Assert.False(_view.LastProcessOf("broker").IsAlive);
    }

    [Theory]
    [InlineData("kill -SEGV $$", "crashed (SIGSEGV)")]
    [InlineData("exit 70", "exit code 70")]
    public async Task A_service_that_crashes_before_it_is_ready_is_told_with_its_log_and_not_with_a_line_of_its_stack(
        string end, string how)
    {
        ServiceSpec[] services = [Service("broker", $"echo '   at Some.Frame()' >&2; {end}")];
        var failed = await Assert.ThrowsAsync<CliException>(() => RunAsync(() => Task.CompletedTask, services));
        var sentence = $"The service broker ended before it was ready ({how}): see  {Self.Command} logs broker";
        Assert.Equal((ExitCodes.CannotStart, sentence), (failed.ExitCode, failed.Message));
    }

    [Fact]
    public async Task A_start_can_be_stopped_in_the_middle()
    {
        await RunAsync(async () =>
        {
            await Eventually.Holds(() => State?.Services[1].State == ServiceState.Starting, "the second service starts");
            _signals.RequestStop();
        }, [Service("broker", Ready + "exec cat"), Service("setup", "exec cat", "broker")]);
        Assert.False(_view.LastProcessOf("broker").IsAlive);
        Assert.False(_view.LastProcessOf("setup").IsAlive);
    }

    [Fact]
    public async Task A_second_request_to_stop_ends_every_service_at_once_and_starts_none()
    {
        await RunAsync(async () =>
        {
            await RunningAsync();
            _signals.RequestStop();
            await Eventually.Holds(() => State?.Phase == StandPhase.Stopping, "the stand is stopping");
            _signals.RequestStopAtOnce();
            // The emitter's child keeps its output open for a while: time in which a killed broker could come back.
        }, [CountedService("broker", "exec cat"), CountedService("emitter", $"sleep 3 & {Stubborn}", "broker")]);
        Assert.Equal(["broker", "emitter"], await StartsAsync());
        Assert.False(_view.LastProcessOf("broker").IsAlive);
        Assert.False(_view.LastProcessOf("emitter").IsAlive);
        Assert.Null(State);
    }

    [Fact]
    public async Task A_service_that_dies_while_the_stand_stops_is_not_started_again()
    {
        await RunAsync(async () =>
        {
            var broker = (await RunningAsync()).Services[0].Process!;
            _signals.RequestStop();
            await Eventually.Holds(() => State?.Phase == StandPhase.Stopping, "the stand is stopping");
            broker.Kill();
            await Eventually.Holds(() => State!.Services[0].State == ServiceState.Stopped, "the dead service rests");
            await File.WriteAllTextAsync(_directory.Sub("go"), "");
        },
        [
            CountedService("broker", "exec cat"),
            CountedService("emitter", $"cat; until [ -e {_directory.Sub("go")} ]; do sleep 0.02; done", "broker"),
        ]);
        Assert.Equal(["broker", "emitter"], await StartsAsync());
    }

    [Fact]
    public async Task A_restart_that_is_interrupted_starts_nothing_more()
    {
        await RunAsync(async () =>
        {
            await RunningAsync();
            var restart = AskAsync(new(ControlRequest.Restart));
            await Eventually.Holds(() => File.Exists(_directory.Sub("asked")), "the emitter is asked to stop");
            _signals.RequestStop();
            await File.WriteAllTextAsync(_directory.Sub("go"), "");
            Assert.Equal("The stand is being stopped.", (await Assert.ThrowsAsync<CliException>(() => restart)).Message);
        }, [
            CountedService("broker", "exec cat"),
            CountedService(
                "emitter", $"cat; touch {_directory.Sub("asked")}; until [ -e {_directory.Sub("go")} ]; do sleep 0.02; done", "broker"),
        ]);
        Assert.Equal(["broker", "emitter"], await StartsAsync());
    }

    [Fact]
    public async Task A_stand_that_is_told_to_end_at_once_while_it_starts_leaves_nothing_alive()
    {
        await RunAsync(async () =>
        {
            await Eventually.Holds(() => State?.Services[1].State == ServiceState.Starting, "the second service starts");
            _signals.RequestStopAtOnce();
            _signals.RequestStopAtOnce();
        }, [Service("broker", Ready + Stubborn), Service("setup", Stubborn, "broker")]);
        Assert.False(_view.LastProcessOf("broker").IsAlive);
        Assert.False(_view.LastProcessOf("setup").IsAlive);
    }

    [Fact]
    public async Task A_service_whose_program_can_not_be_started_for_a_while_comes_back()
    {
        var program = _directory.Sub("program");
        File.CreateSymbolicLink(program, "/bin/sh");
        await RunAsync(async () =>
        {
            var broker = (await RunningAsync()).Services[0];
            File.Delete(program);
            broker.Process!.Kill();
            await Eventually.Holds(
                () => State!.Services[0] is { State: ServiceState.Restarting, Process: null } service
                    && service.LastExit!.Contains("can't be started", StringComparison.Ordinal),
                "a failed start");
            File.CreateSymbolicLink(program, "/bin/sh");
            await Eventually.Holds(() => State!.Services[0].State == ServiceState.Running, "running again");
            _signals.RequestStop();
        }, [Service("broker", "") with { Launch = _ => Shell("broker", Ready + "exec cat") with { Program = program } }]);
    }

    [Fact]
    public async Task A_service_starts_with_what_those_that_it_needs_have_said_of_their_ports()
    {
        var broker = Service("broker", """echo '{"event":"ready","port":4711}'; exec cat""") with
        {
            Announce = (stand, port) => stand with { Kafka = $"127.0.0.1:{port}" },
        };
        var emitter = Service("emitter", "", "broker") with
        {
            Launch = stand => Shell("emitter", $"{Ready} read -r job; echo \"$job\" >&2; exec cat") with
            {
                Job = $"produce to {stand.Kafka}",
            },
        };
        await RunAsync(async () =>
        {
            Assert.Equal("127.0.0.1:4711", (await RunningAsync()).Kafka);
            _signals.RequestStop();
        }, [broker, emitter]);
        Assert.EndsWith(
            " produce to 127.0.0.1:4711", Assert.Single(await File.ReadAllLinesAsync(Paths.LogOf("emitter"))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_needs_long_to_come_back_is_not_taken_for_one_that_hangs()
    {
        _time = new QuickTime();
        var once = _directory.Sub("once");
        // Longer than a process that hangs is given.
        var script = $"if [ -e {once} ]; then sleep 1; fi; touch {once}; {Ready} exec cat";
        await RunAsync(async () =>
        {
            (await RunningAsync()).Services[0].Process!.Kill();
            await Eventually.Holds(() => State!.Services[0] is { State: ServiceState.Running, LastExit: not null }, "running again");
            Assert.Equal((1, "killed (SIGKILL)"), (State!.Services[0].Restarts, State.Services[0].LastExit));
            _signals.RequestStop();
        }, [Service("broker", script) with { Probe = process => new ReadyProbe(process) }]);
    }

    [Fact]
    public async Task Restart_gives_the_service_a_new_process_and_counts_no_death()
    {
        var changes = new List<ServiceState>();
        await RunAsync(async () =>
        {
            var before = (await RunningAsync()).Services[0];
            await AskAsync(new(ControlRequest.Restart, "broker"), service => changes.Add(service.State));
            var after = State!.Services[0];
            Assert.NotEqual(before.Process, after.Process);
            Assert.Equal((ServiceState.Running, 0), (after.State, after.Restarts));
            _signals.RequestStop();
        }, [Service("broker", Ready + "exec cat")]);
        Assert.Equal([ServiceState.Stopped, ServiceState.Starting, ServiceState.Running], changes);
    }

    [Fact]
    public async Task A_service_that_fails_at_a_restart_is_told_and_the_others_run_again()
    {
        await RunAsync(async () =>
        {
            await RunningAsync();
            var failed = await Assert.ThrowsAsync<CliException>(() => AskAsync(new(ControlRequest.Restart)));
            Assert.Equal("broker: broken", failed.Message);
            Assert.Equal([ServiceState.Failed, ServiceState.Running], State!.Services.Select(service => service.State));
            _signals.RequestStop();
        }, [
            Service(
                "broker",
                $"if [ -e {_directory.Sub("once")} ]; then echo broken >&2; exit 1; fi; touch {_directory.Sub("once")}; {Ready} exec cat"),
            Service("emitter", Ready + "exec cat"),
        ]);
    }

    [Fact]
    public async Task Whoever_waits_until_the_stand_is_up_hears_it_from_the_supervisor()
    {
        var go = _directory.Sub("go");
        await RunAsync(async () =>
        {
            var state = await Eventually.Gives(() => Task.FromResult(State), state => state is not null, "a supervisor");
            var waiting = AskAsync(new(ControlRequest.WaitUntilUp));
            Assert.False(waiting.IsCompleted);
            await File.WriteAllTextAsync(go, "");
            await waiting;
            Assert.Equal(StandPhase.Running, State!.Phase);
            _signals.RequestStop();
        }, [Service("broker", $"until [ -e {go} ]; do sleep 0.02; done; {Ready} exec cat")]);
    }

    [Fact]
    public async Task Whoever_waits_for_a_stand_that_ends_before_it_is_up_is_told()
    {
        await RunAsync(async () =>
        {
            var state = await Eventually.Gives(() => Task.FromResult(State), state => state is not null, "a supervisor");
            var waiting = AskAsync(new(ControlRequest.WaitUntilUp));
            _signals.RequestStop();
            Assert.Equal("The stand is being stopped.", (await Assert.ThrowsAsync<CliException>(() => waiting)).Message);
        }, [Service("broker", "exec cat")]);
    }

    [Fact]
    public async Task Restart_of_a_stand_that_is_being_stopped_says_so()
    {
        await RunAsync(async () =>
        {
            await RunningAsync();
            _signals.RequestStop();
            await Eventually.Holds(() => State?.Phase == StandPhase.Stopping, "the stand is stopping");
            var refused = await Assert.ThrowsAsync<CliException>(() => AskAsync(new(ControlRequest.Restart)));
            Assert.Equal("The stand is being stopped.", refused.Message);
            await File.WriteAllTextAsync(_directory.Sub("go"), "");
        }, [Service("broker", Ready + $"cat; until [ -e {_directory.Sub("go")} ]; do sleep 0.02; done")]);
    }

    [Fact]
    public async Task Down_tells_of_every_service_that_stops_and_answers_when_all_have()
    {
        var stopped = new List<string>();
        await RunAsync(async () =>
        {
            await RunningAsync();
            await AskAsync(new(ControlRequest.Down), service => stopped.Add($"{service.Name} {service.State}"));
            Assert.Null(State);
        }, [Service("broker", Ready + "exec cat"), Service("emitter", Ready + "exec cat", "broker")]);
        Assert.Equal(["emitter Stopped", "broker Stopped"], stopped);
    }

    [Fact]
    public async Task A_stand_ends_though_somebody_has_connected_and_asks_nothing()
    {
        using var idle = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await RunAsync(async () =>
        {
            await RunningAsync();
            await idle.ConnectAsync(new UnixDomainSocketEndPoint(Paths.Socket));
            _signals.RequestStop();
        }, [Service("broker", Ready + "exec cat")]);
        Assert.False(File.Exists(Paths.Socket));
    }

    [Fact]
    public async Task A_stand_whose_data_directory_was_made_anew_leaves_the_next_ones_socket_alone()
    {
        await Assert.ThrowsAsync<CliException>(() => RunAsync(async () =>
        {
            await RunningAsync();
            File.Delete(Paths.Socket);
            await File.WriteAllTextAsync(Paths.Socket, "the next one's");
            File.Delete(Paths.Lock);
        }, [Service("broker", Ready + "exec cat")]));
        Assert.Equal("the next one's", await File.ReadAllTextAsync(Paths.Socket));
    }

    [Fact]
    public async Task Restart_of_a_service_that_does_not_exist_says_which_there_are()
    {
        await RunAsync(async () =>
        {
            await RunningAsync();
            var refused = await Assert.ThrowsAsync<CliException>(() => AskAsync(new(ControlRequest.Restart, "brokr")));
            Assert.Equal("No service is called brokr: there are broker.", refused.Message);
            _signals.RequestStop();
        }, [Service("broker", Ready + "exec cat")]);
    }

    [Fact]
    public async Task The_emitter_is_told_another_rate_and_whoever_asked_what_it_was()
    {
        var emitter = Service("emitter", Ready + """while read -r order; do echo "$order" >&2; done""") with { Load = new(1000) };
        await RunAsync(async () =>
        {
            await RunningAsync();
            var first = await AskAsync(new(ControlRequest.Rate) { EventsPerSecond = 5000 });
            Assert.Equal((new EmitterLoad(1000), new EmitterLoad(5000)), (first.Was, first.Is));
            var second = await AskAsync(new(ControlRequest.Rate));
            Assert.Equal((new EmitterLoad(5000), new EmitterLoad(5000)), (second.Was, second.Is));
            _signals.RequestStop();
        }, [emitter]);
        var orders = (await File.ReadAllLinesAsync(Paths.LogOf("emitter"))).Select(line => EmitterOrder.Parse(line[line.IndexOf('{')..]));
        Assert.Equal([5000, null], orders.Select(order => order!.EventsPerSecond));
    }

    [Fact]
    public async Task Shares_of_bad_events_are_changed_one_by_one_and_the_rate_stays()
    {
        var emitter = Service("emitter", Ready + """while read -r order; do echo "$order" >&2; done""") with
        {
            Load = new(1000) { Shares = new EventShares(Late: 0.5) },
        };
        await RunAsync(async () =>
        {
            await RunningAsync();
            var poisoned = await AskAsync(new(ControlRequest.Rate) { Shares = new ShareChange(Malformed: 0.25) });
            Assert.Equal(new EventShares(Late: 0.5), poisoned.Was!.Shares);
            Assert.Equal(new EventShares(Late: 0.5, Malformed: 0.25), poisoned.Is!.Shares);
            await AskAsync(new(ControlRequest.Rate) { EventsPerSecond = 7, Shares = new ShareChange(Late: 0, Malformed: 0) });
            Assert.Equal(new EmitterLoad(7), (await AskAsync(new(ControlRequest.Rate))).Is);
            _signals.RequestStop();
        }, [emitter]);
        var orders = (await File.ReadAllLinesAsync(Paths.LogOf("emitter"))).Select(line => EmitterOrder.Parse(line[line.IndexOf('{')..])!);
        (int?, EventShares)[] expected = [(null, new(Late: 0.5, Malformed: 0.25)), (7, new()), (null, new())];
        Assert.Equal(expected, orders.Select(order => (order.EventsPerSecond, order.Shares!)));
    }

    [Fact]
    public async Task A_rate_ends_a_profile_and_the_answer_tells_what_it_came_to()
    {
        const string profile = "ramp 1..9000 over 1m";
        const string emitted =
            """{"event":"emitted","emitter":{"target_per_second":7000,"rate_profile":"ramp 1..9000 over 1m"}}""";
        var emitter = Service("emitter", $"echo '{emitted}'; {Ready} exec cat") with { Load = new(null, profile) };
        await RunAsync(async () =>
        {
            await RunningAsync();
            var asked = await AskAsync(new(ControlRequest.Rate));
            Assert.Equal((new EmitterLoad(7000, profile), new EmitterLoad(7000, profile)), (asked.Was, asked.Is));
            var ended = await AskAsync(new(ControlRequest.Rate) { EventsPerSecond = 5000 });
            Assert.Equal((new EmitterLoad(7000, profile), new EmitterLoad(5000)), (ended.Was, ended.Is));
            _signals.RequestStop();
        }, [emitter]);
    }

    [Fact]
    public async Task An_emitter_that_comes_back_is_asked_for_the_rate_of_now()
    {
        var emitter = new ServiceSpec("emitter", [], stand => Shell("emitter", $"echo '{stand.Load}' >&2; {Ready} exec cat"))
        {
            Load = new(1000),
        };
        await RunAsync(async () =>
        {
            await RunningAsync();
            await AskAsync(new(ControlRequest.Rate) { EventsPerSecond = 5000 });
            await AskAsync(new(ControlRequest.Restart, "emitter"));
            _signals.RequestStop();
        }, [emitter]);
        Assert.EndsWith($" {new EmitterLoad(5000)}", (await File.ReadAllLinesAsync(Paths.LogOf("emitter")))[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("emitter", "The emitter does not run, it is finished: see  ")]
    [InlineData("broker", "The stand has no emitter.")]
    public async Task A_rate_for_an_emitter_that_does_not_run_is_refused(string service, string sentence)
    {
        await RunAsync(async () =>
        {
            await RunningAsync();
            var refused = await Assert.ThrowsAsync<CliException>(() => AskAsync(new(ControlRequest.Rate) { EventsPerSecond = 5 }));
            Assert.Equal(ExitCodes.Failed, refused.ExitCode);
            Assert.StartsWith(sentence, refused.Message, StringComparison.Ordinal);
            _signals.RequestStop();
        }, [Service(service, "exit 0") with { RunsOnce = true }]);
    }

    [Theory]
    [InlineData("closed")]
    [InlineData("broken")]
    [InlineData("stuck")]
    public async Task A_stand_whose_view_is_closed_broken_or_stuck_brings_services_back_and_stops_in_order(string trouble)
    {
        using var stuck = new ManualResetEventSlim();
        _otherView = new OtherView(trouble switch
        {
            "closed" => () => throw new IOException("Input/output error"),
            "broken" => () => throw new InvalidOperationException("a defect of the view"),
            _ => stuck.Wait,
        });
        var note = $"""trap 'echo "$NAME stopped" >> {_directory.Sub("order")}' EXIT; """;
        await RunAsync(async () =>
        {
            var service = (await RunningAsync()).Services[0];
            service.Process!.Kill();
            await Eventually.Holds(() => State!.Services[0] is { State: ServiceState.Running, Restarts: 1 }, "running again");
            await AskAsync(new(ControlRequest.Down));
        }, [Service("broker", note + Ready + "cat"), Service("emitter", note + Ready + "cat", "broker")]);
        Assert.Equal(["emitter stopped", "broker stopped"], await File.ReadAllLinesAsync(_directory.Sub("order")));
        Assert.Null(State);
        Assert.False(File.Exists(Paths.Socket));
        stuck.Set();
    }

    [Fact]
    public async Task A_mistake_in_the_definitions_of_a_running_stand_is_told_and_the_stand_runs_on_until_it_is_mended()
    {
        Directory.CreateDirectory(Paths.Streams);
        var file = Path.Combine(Paths.Streams, "views.yaml");
        await File.WriteAllTextAsync(file, "topic: [");
        var documents = new ConcurrentQueue<StandDocument>();
        _otherView = new OtherView(documents.Enqueue);
        await RunAsync(async () =>
        {
            await Eventually.Holds(
                () => documents.Any(document => document.FlowTrouble?.Contains("views.yaml", StringComparison.Ordinal) == true),
                "the mistake is told");
            await RunningAsync();
            File.Copy(Path.Combine(Repository.Root, "streams", "views.yaml"), file, overwrite: true);
            await Eventually.Holds(
                () => documents.Any(document => document.Flow?.Streams is [{ Topic: "page_views" }]), "the flow is read");
            _signals.RequestStop();
        }, [Service("broker", Ready + "exec cat")]);
        Assert.Equal(Enumerable.Range(1, documents.Count).Select(number => (long)number), documents.Select(document => document.Number));
    }

    [Fact]
    public async Task A_stand_ends_though_somebody_who_asked_for_its_end_never_reads_the_answer()
    {
        using var deaf = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await RunAsync(async () =>
        {
            await RunningAsync();
            await deaf.ConnectAsync(new UnixDomainSocketEndPoint(Paths.Socket));
            await deaf.SendAsync(System.Text.Encoding.UTF8.GetBytes(new ControlRequest(ControlRequest.Down) + "\n"));
        }, [Service("broker", Ready + "exec cat")]);
        Assert.Null(State);
    }

    [Fact]
    public async Task What_a_service_says_is_in_its_log()
    {
        await RunAsync(
            async () => { await RunningAsync(); _signals.RequestStop(); }, [Service("broker", "echo trouble >&2; " + Ready + "exec cat")]);
        Assert.Contains("trouble", await File.ReadAllTextAsync(Paths.LogOf("broker")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_noise_of_a_service_stays_out_of_its_log()
    {
        var service = Service("broker", "echo 'warning: noise again' >&2; echo trouble >&2; " + Ready + "cat") with { Noise = "noise" };
        await RunAsync(async () => { await RunningAsync(); _signals.RequestStop(); }, [service]);
        Assert.EndsWith(" trouble", Assert.Single(await File.ReadAllLinesAsync(Paths.LogOf("broker"))), StringComparison.Ordinal);
    }

    /// <summary>A service that notes each of its starts.</summary>
    ServiceSpec CountedService(string name, string script, params string[] needs) =>
        Service(name, $"echo {name} >> {_directory.Sub("starts")}; {Ready}{script}", needs);

    Task<string[]> StartsAsync() => File.ReadAllLinesAsync(_directory.Sub("starts"));

    static ServiceSpec Service(string name, string script, params string[] needs) =>
        new(name, needs, _ => Shell(name, script));

    static ServiceLaunch Shell(string name, string script) =>
        new("/bin/sh", ["-c", script]) { Environment = new Dictionary<string, string> { ["NAME"] = name } };

    Task<ControlAnswer> AskAsync(ControlRequest request, Action<ServiceStatus>? onChange = null) =>
        ControlClient.AskAsync(Paths, State!, request, onChange ?? (_ => { }), CancellationToken.None);

    async Task<StandState> RunningAsync() => (await Eventually.Gives(
        () => Task.FromResult(State), state => state?.Phase == StandPhase.Running, "the stand runs"))!;

    async Task RunAsync(Func<Task> meanwhile, ServiceSpec[] services)
    {
        using var dataLock = DataDirectoryLock.TryTake(Paths)!;
        var plan = _plan with { Services = services };
        var running = StandSupervisor.RunAsync(plan, Paths, dataLock, _signals, _otherView ?? _view, _ => { }, _time);
        try
        {
            await meanwhile();
        }
        catch
        {
            _signals.RequestStop();
            throw;
        }
        finally
        {
            await running;
        }
    }

    /// <summary>A process answers once it is ready.</summary>
    sealed class ReadyProbe(ServiceProcess process) : ILivenessProbe
    {
        public Task<bool> AnswersAsync(CancellationToken cancellation) => Task.FromResult(process.Ready.IsCompleted);

        public void Dispose() { }
    }

    sealed class RecordingView : IStandView
    {
        readonly ConcurrentDictionary<string, ProcessIdentity> _processes = new();

        public ProcessIdentity LastProcessOf(string service) => _processes[service];

        public bool ShowsFlow => false;

        public void Show(StandWatch watch)
        {
            foreach (var document in watch.ReadAll())
                if (document.Service is { Process: { } process } service) _processes[service.Name] = process;
        }
    }

    /// <summary>Wants to know what flows.</summary>
    sealed class OtherView(Action<StandDocument> show) : IStandView
    {
        public OtherView(Action show) : this(_ => show()) { }

        public bool ShowsFlow => true;

        public void Show(StandWatch watch)
        {
            foreach (var document in watch.ReadAll()) show(document);
        }
    }
}
