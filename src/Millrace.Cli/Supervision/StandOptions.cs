using System.Net;
using Millrace.Cli.Basics;
using Millrace.Cli.Documents;
using Millrace.Cli.Endpoints;
using Millrace.Streams;

namespace Millrace.Cli.Supervision;

/// <summary>What <c>millrace up</c> was asked for, but for what concerns one service alone. Immutable.</summary>
sealed record StandOptions
{
    public required StandPaths Paths { get; init; }

    /// <summary>Bootstrap string of a Kafka that somebody else runs; null for the embedded broker.</summary>
    public string? Kafka { get; init; }

    /// <summary>A ClickHouse that somebody else runs; null for the embedded engine.</summary>
    public Uri? ClickHouse { get; init; }

    /// <summary>Full path of the profile that the clients read; null when there is none.</summary>
    public string? Profile { get; init; }

    /// <summary>Who the stand is on its servers.</summary>
    public StandIdentity Identity { get; init; } = StandIdentity.Default;

    /// <summary>Take a free port where the wanted one is busy.</summary>
    public bool AnyPort { get; init; }

    public IPAddress Listen { get; init; } = IPAddress.Loopback;

    /// <summary>How many streams there are, and so tables that ClickHouse reads Kafka with.</summary>
    public int Streams { get; init; }

    /// <inheritdoc cref="Millrace.Streams.Events.EmitterOptions.OpenLoop"/>
    public bool OpenLoop { get; init; }

    /// <summary>All of these in words.</summary>
    public IReadOnlyList<StandSetting> Settings { get; init; } = [];

    /// <summary>Our own broker's bootstrap string, as clients on this machine use it.</summary>
    public string KafkaAt(int port) => new IPEndPoint(Exposure.FromHere(Listen), port).ToString();

    /// <summary>Our own ClickHouse, as clients on this machine reach it.</summary>
    public Uri ClickHouseAt(int port) => new($"http://{new IPEndPoint(Exposure.FromHere(Listen), port)}/");

    /// <summary>What clients of the stand are told, once both servers have said where they are.</summary>
    public UnresolvedEndpoints EndpointsOf(StandState stand) => new(stand.Kafka!, stand.ClickHouse!, Profile, Identity);
}
