using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Millrace.Kafka.Broker.Apis;
using Millrace.Kafka.Broker.Basics;
using Millrace.Kafka.Broker.Groups;
using Millrace.Kafka.Broker.Log;
using Millrace.Kafka.Broker.Network;
using Millrace.Kafka.Broker.Producers;
using Millrace.Kafka.Broker.Storage;
using Millrace.Kafka.Broker.Topics;
using Millrace.Listening;

namespace Millrace.Kafka.Broker;

/// <summary>A running embedded broker. Owns its port and its data directory; disposing it ends both, with a clean shutdown.</summary>
public sealed class BrokerHost : IAsyncDisposable
{
    readonly ConnectionListener _listener;
    readonly BrokerDirectory _directory;
    readonly BrokerState _state;
    readonly RetentionTask _retention;
    readonly CutOffClients _cutOff;
    readonly DrilledDisk _files;
    readonly ILogger _logger;

    /// <summary>Runs once, whoever asks and how often: the directory may be another broker's afterwards.</summary>
    readonly Lazy<Task> _ended;

    BrokerHost(
        ConnectionListener listener, BrokerDirectory directory, BrokerState state, RetentionTask retention, CutOffClients cutOff,
        DrilledDisk files, ILogger logger)
    {
        (_listener, _directory, _state, _retention) = (listener, directory, state, retention);
        (_cutOff, _files, _logger) = (cutOff, files, logger);
        _ended = new(EndAsync);
    }

    /// <summary>The address listened on, with the port that was taken.</summary>
    public IPEndPoint EndPoint => _listener.EndPoint;

    internal int ConnectionCount => _listener.ConnectionCount;

    /// <summary>Starts a broker: when this returns, clients are served.</summary>
    /// <exception cref="BrokerStartException">
    /// An option can't be, the port is busy, or the data directory belongs to another broker or can't be written.
    /// </exception>
    public static Task<BrokerHost> StartAsync(BrokerOptions options, ILoggerFactory loggers, CancellationToken cancellation) =>
        StartAsync(options, loggers, TimeProvider.System, new PhysicalFileSystem(), cancellation);

    internal static async Task<BrokerHost> StartAsync(
        BrokerOptions options, ILoggerFactory loggers, TimeProvider clock, IFileSystem files, CancellationToken cancellation)
    {
        if (BrokerOptionsCheck.Refusal(options) is { } refusal) throw new BrokerStartException(refusal);
        var logger = loggers.CreateLogger("Millrace.Kafka.Broker");
        // The port first: it is what fails most, and taking it costs nothing. Clients are refused until the logs are open.
        var listener = Bind(options, logger);
        try
        {
            return await Task.Run(() => StartAsync(listener, options, logger, clock, new DrilledDisk(files, clock)), cancellation);
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    /// <summary>A drill: connections of some clients end, and new ones of theirs are closed, until the time is over.</summary>
    /// <param name="clientIdPrefix">How the client.id of each begins.</param>
    /// <param name="length">From now on; zero ends it.</param>
    public void CutOff(string clientIdPrefix, TimeSpan length)
    {
        _cutOff.Begin(clientIdPrefix, length);
        if (length > TimeSpan.Zero) _logger.CutOff(clientIdPrefix, length, _listener.Abort(_cutOff.Include));
        else _logger.CutOffEnded(clientIdPrefix);
    }

    /// <summary>A drill: the disk has no room, until the time is over.</summary>
    /// <param name="length">From now on; zero ends it.</param>
    public void FillDisk(TimeSpan length)
    {
        _files.Fill(length);
        if (length > TimeSpan.Zero) _logger.DiskFilled(length);
        else _logger.DiskFreed();
    }

    /// <summary>Ends every connection, then writes everything to the device.</summary>
    public ValueTask DisposeAsync() => new(_ended.Value);

    async Task EndAsync()
    {
        await _listener.StopAsync();
        await _retention.DisposeAsync();
        await CloseAsync(_directory, _state.Topics, _state.Groups, clean: true, _files, _logger);
        _logger.Stopped(EndPoint);
    }

    /// <param name="clean">Whether the logs were sound when they were opened, or have been made so.</param>
    static async ValueTask CloseAsync(
        BrokerDirectory directory, TopicCatalog topics, GroupCoordinator? groups, bool clean, IFileSystem files, ILogger logger)
    {
        using (directory)
        {
            if (groups is not null) await groups.DisposeAsync();
            topics.Dispose();
            if (clean && !topics.AnyOffline) LeaveMarker(directory, files, logger);
        }
    }

    /// <summary>On a full disk there may be no room for it: the next start checks the logs then, as after a crash.</summary>
    static void LeaveMarker(BrokerDirectory directory, IFileSystem files, ILogger logger)
    {
        try
        {
            CleanShutdownMarker.Leave(files, directory.Path);
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            logger.MarkerNotWritten(e.Message);
        }
    }

    static ConnectionListener Bind(BrokerOptions options, ILogger logger)
    {
        try
        {
            return new ConnectionListener(options.ListenAddress, [options.Port, .. options.OtherPorts], logger);
        }
        catch (CantBindException e)
        {
            throw CantListen(e.EndPoint, e.SocketErrorCode, e);
        }
    }

    static BrokerStartException CantListen(IPEndPoint endPoint, SocketError error, Exception cause) =>
        error == SocketError.AddressAlreadyInUse
            ? new($"Port {endPoint.Port} on {endPoint.Address} is in use.", cause)
            : new($"The broker can't listen on {endPoint}: {cause.Message}.", cause);

    static async Task<BrokerHost> StartAsync(
        ConnectionListener listener, BrokerOptions options, ILogger logger, TimeProvider clock, DrilledDisk files)
    {
        var directory = BrokerDirectory.Open(options.DataDirectory, files, logger);
        try
        {
            return await OpenAsync(listener, directory, options, logger, clock, files);
        }
        catch (SocketException e)
        {
            // Two that bind a port before either listens both get it: the second to listen is the one that is told (Linux, SO_REUSEADDR).
            throw CantListen(listener.EndPoint, e.SocketErrorCode, e);
        }
        catch (Exception e) when (DiskFailure.IsOutOfDescriptors(e))
        {
            throw new BrokerStartException(
                $"The data directory {options.DataDirectory} holds more partitions than can be opened: {files.Descriptors.Advice}.", e);
        }
        catch (Exception e) when (DiskFailure.Is(e) || e is InvalidDataException)
        {
            throw new BrokerStartException($"The data directory {options.DataDirectory} can't be read: {e.Message}", e);
        }
    }

    /// <summary>Owns the directory: a start that fails lets go of it, and leaves it no less clean than it was.</summary>
    static async Task<BrokerHost> OpenAsync(
        ConnectionListener listener, BrokerDirectory directory, BrokerOptions options, ILogger logger, TimeProvider clock,
        DrilledDisk files)
    {
        var context = new LogContext(files, directory.Worker, clock, logger);
        var topics = new TopicCatalog(
            directory.Path,
            files,
            options,
            (path, log) => PartitionLog.Open(path, log, context, directory.WasCleanShutdown),
            logger);
        GroupCoordinator? groups = null;
        try
        {
            // Before recovery changes any file: a version that knows them must find all as it was.
            GroupStore.DemandKnownVersion(files, directory.Path);
            var producerIds = ProducerIdAllocator.Open(directory.ProducerIds, files, logger);
            topics.Load();
            groups = GroupCoordinator.Open(
                directory.Path, options, files, (topic, partition) => topics.Find(topic)?.Partition(partition) is not null, clock, logger);
            topics.Deleted += groups.ForgetTopic;
            topics.FinishDeletions();
            return Serve(listener, directory, topics, groups, producerIds, options, logger, clock, files);
        }
        catch
        {
            await CloseAsync(directory, topics, groups, directory.WasCleanShutdown, files, logger);
            throw;
        }
    }

    static BrokerHost Serve(
        ConnectionListener listener, BrokerDirectory directory, TopicCatalog topics, GroupCoordinator groups,
        ProducerIdAllocator producerIds, BrokerOptions options, ILogger logger, TimeProvider clock, DrilledDisk files)
    {
        var state = new BrokerState
        {
            Options = options,
            Clock = clock,
            ClusterId = directory.ClusterId,
            Topics = topics,
            AbsentTopics = new(options.AutoCreateTopics, logger),
            Groups = groups,
            ProducerIds = producerIds,
        };
        var retention = new RetentionTask(topics, options, clock, logger);
        var cutOff = new CutOffClients(clock);
        var host = new BrokerHost(listener, directory, state, retention, cutOff, files, logger);
        listener.Start(new(state, cutOff, logger), options, files.Descriptors, clock, logger);
        retention.Start();
        logger.Started(listener.EndPoint, topics.All.Count, directory.Path, directory.WasCleanShutdown);
        return host;
    }
}
