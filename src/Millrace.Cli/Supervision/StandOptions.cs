using System.Net;
using Millrace.Cli.Basics;
using Millrace.Cli.Documents;
using Millrace.Cli.Endpoints;
using Millrace.Streams;
using Millrace.Streams.Events;

namespace Millrace.Cli.Supervision;

/// <summary>What <c>millrace up</c> was asked for. Immutable.</summary>
sealed record StandOptions
{
    public const int DefaultKafkaPort = 9092;
    public const int DefaultClickHousePort = 8123;

    public required StandPaths Paths { get; init; }

    /// <summary>Bootstrap string of a Kafka that somebody else runs; null for the embedded broker.</summary>
    public string? Kafka { get; init; }

    /// <summary>A ClickHouse that somebody else runs; null for the embedded engine.</summary>
    public Uri? ClickHouse { get; init; }

    /// <summary>Full path of the profile that the clients read; null when there is none.</summary>
    public string? Profile { get; init; }

    /// <summary>Who the stand is on its servers.</summary>
    public StandIdentity Identity { get; init; } = StandIdentity.Default;

    public int KafkaPort { get; init; } = DefaultKafkaPort;
    public int ClickHousePort { get; init; } = DefaultClickHousePort;

    /// <summary>Take a free port where the wanted one is busy.</summary>
    public bool AnyPort { get; init; }

    public IPAddress Listen { get; init; } = IPAddress.Loopback;

    /// <summary>ClickHouse may be open to the network without a password.</summary>
    public bool Insecure { get; init; }

    /// <summary>Settings of the embedded broker, each <c>name=value</c>.</summary>
    public IReadOnlyList<string> BrokerSettings { get; init; } = [];

    /// <summary>Full paths of the folders that ClickHouse's function <c>file()</c> may read and write beside its own.</summary>
    public IReadOnlyList<string> AllowedFolders { get; init; } = [];

    /// <summary>How many streams there are, and so tables that ClickHouse reads Kafka with.</summary>
    public int Streams { get; init; }

    public EmitterOptions Emitter { get; init; } = new();

    /// <summary>All of these in words.</summary>
    public IReadOnlyList<StandSetting> Settings { get; init; } = [];

    /// <summary>The emitter stops by itself after a number of events.</summary>
    public bool EmitterEnds => Emitter.Events is not null;

    /// <summary>Our own broker's bootstrap string, as clients on this machine use it.</summary>
    public string KafkaAt(int port) => new IPEndPoint(Exposure.FromHere(Listen), port).ToString();

    /// <summary>Our own ClickHouse, as clients on this machine reach it.</summary>
    public Uri ClickHouseAt(int port) => new($"http://{new IPEndPoint(Exposure.FromHere(Listen), port)}/");

    /// <summary>What clients of the stand are told, once both servers have said where they are.</summary>
    public UnresolvedEndpoints EndpointsOf(StandState stand) => new(stand.Kafka!, stand.ClickHouse!, Profile, Identity);

    /// <summary>The ports that a server of ours may take.</summary>
    /// <param name="last">The ports of the last time.</param>
    /// <exception cref="CliException">The wanted port is busy and no other will do.</exception>
    public PortChoice Ports(string service, int wanted, string option, IReadOnlyDictionary<string, TakenPort> last)
    {
        // What the server had when another one was wanted is of no use now.
        int? before = last.GetValueOrDefault(service) is { } taken && taken.Wanted == wanted && taken.IsPort ? taken.Taken : null;
        return PortChoice.Of(service, Listen, wanted, AnyPort, before, option);
    }
}
