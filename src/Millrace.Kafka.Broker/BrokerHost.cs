using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Millrace.Kafka.Broker.Groups;
using Millrace.Kafka.Broker.Log;
using Millrace.Kafka.Broker.Network;
using Millrace.Kafka.Broker.Producers;
using Millrace.Kafka.Broker.Topics;

namespace Millrace.Kafka.Broker;

/// <summary>A running embedded broker. Owns its port and its data directory; disposing it ends both, with a clean shutdown.</summary>
public sealed class BrokerHost : IAsyncDisposable
{
    readonly ConnectionListener _listener;
    readonly DataDirectory _directory;
    readonly BrokerState _state;
    readonly RetentionTask _retention;
    readonly IFileSystem _files;
    readonly ILogger _logger;

    BrokerHost(ConnectionListener listener, DataDirectory directory, BrokerState state, RetentionTask retention, IFileSystem files, ILogger logger)
    {
        (_listener, _directory, _state, _retention, _files, _logger) = (listener, directory, state, retention, files, logger);
    }

    /// <summary>The address listened on, with the port that was taken.</summary>
    public IPEndPoint EndPoint => _listener.EndPoint;

    internal int ConnectionCount => _listener.ConnectionCount;

    /// <summary>Starts a broker: when this returns, clients are served.</summary>
    /// <exception cref="BrokerStartException">The port is busy, or the data directory belongs to another broker or can't be written.</exception>
    public static Task<BrokerHost> StartAsync(BrokerOptions options, ILoggerFactory loggers, CancellationToken cancellationToken) =>
        StartAsync(options, loggers, TimeProvider.System, new PhysicalFileSystem(), cancellationToken);

    internal static async Task<BrokerHost> StartAsync(
        BrokerOptions options, ILoggerFactory loggers, TimeProvider clock, IFileSystem files, CancellationToken cancellationToken)
    {
        var logger = loggers.CreateLogger("Millrace.Kafka.Broker");
        // The port first: it is what fails most, and taking it costs nothing. Clients are refused until the logs are open.
        var listener = Bind(new(options.ListenAddress, options.Port));
        try
        {
            return await Task.Run(() => Start(listener, options, logger, clock, files), cancellationToken);
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    /// <summary>Ends every connection, then writes everything to the device.</summary>
    public async ValueTask DisposeAsync()
    {
        await _listener.StopAsync();
        await _retention.DisposeAsync();
        await _state.Groups.DisposeAsync();
        _state.Topics.Dispose();
        if (!_state.Topics.AnyOffline) LeaveMarker();
        _directory.Dispose();
        _logger.Stopped(EndPoint);
    }

    /// <summary>On a full disk there may be no room for it: the next start checks the logs then, as after a crash.</summary>
    void LeaveMarker()
    {
        try
        {
            CleanShutdownMarker.Leave(_files, _directory.Path);
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            _logger.MarkerNotWritten(e.Message);
        }
    }

    static ConnectionListener Bind(IPEndPoint endPoint)
    {
        try
        {
            return new ConnectionListener(endPoint);
        }
        catch (SocketException e)
        {
            throw CantListen(endPoint, e);
        }
    }

    static BrokerStartException CantListen(IPEndPoint endPoint, SocketException e) => e.SocketErrorCode == SocketError.AddressAlreadyInUse
        ? new($"Port {endPoint.Port} on {endPoint.Address} is in use.", e)
        : new($"The broker can't listen on {endPoint}: {e.Message}.", e);

    static BrokerHost Start(ConnectionListener listener, BrokerOptions options, ILogger logger, TimeProvider clock, IFileSystem files)
    {
        var directory = DataDirectory.Open(options.DataDirectory, files);
        try
        {
            var topics = OpenTopics(directory, options, logger, clock, files);
            var state = new BrokerState
            {
                Options = options,
                Clock = clock,
                ClusterId = directory.ClusterId,
                Topics = topics,
                Groups = OpenGroups(topics, directory, options, logger, clock, files),
                ProducerIds = new(directory.ProducerIds, files, logger),
            };
            var retention = new RetentionTask(topics, options, clock, logger);
            var host = new BrokerHost(listener, directory, state, retention, files, logger);
            listener.Start(new(state, logger), options, clock, logger);
            retention.Start();
            logger.Started(listener.EndPoint, topics.All.Count, directory.Path, directory.WasCleanShutdown);
            return host;
        }
        catch (SocketException e)
        {
            // Two that bind a port before either listens both get it: the second to listen is the one that is told (Linux, SO_REUSEADDR).
            directory.Dispose();
            throw CantListen(listener.EndPoint, e);
        }
        catch (Exception e) when (DiskFailure.Is(e) || e is InvalidDataException)
        {
            directory.Dispose();
            throw new BrokerStartException($"The data directory {options.DataDirectory} can't be read: {e.Message}", e);
        }
    }

    static TopicCatalog OpenTopics(DataDirectory directory, BrokerOptions options, ILogger logger, TimeProvider clock, IFileSystem files)
    {
        var topics = new TopicCatalog(
            new(directory.Path, files),
            options,
            (path, log) => PartitionLog.Open(path, log, files, clock, logger, directory.WasCleanShutdown),
            logger);
        topics.Load();
        return topics;
    }

    static GroupCoordinator OpenGroups(
        TopicCatalog topics, DataDirectory directory, BrokerOptions options, ILogger logger, TimeProvider clock, IFileSystem files)
    {
        var groups = GroupCoordinator.Open(
            directory.Path, options, files, (topic, partition) => topics.Find(topic)?.Partition(partition) is not null, clock, logger);
        topics.Deleted += groups.ForgetTopic;
        topics.FinishDeletions();
        return groups;
    }
}
