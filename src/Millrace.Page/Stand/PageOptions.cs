using System.Net;
using Millrace.Secrets;
using Millrace.Streams;

namespace Millrace.Page.Stand;

/// <summary>What a page shows and where it listens. Immutable.</summary>
/// <param name="Endpoints">The stand's servers, as the page's process reaches them.</param>
/// <param name="Streams">Full path of the folder with the stream definitions.</param>
public sealed record PageOptions(StandEndpoints Endpoints, string Streams)
{
    public IPAddress Listen { get; init; } = IPAddress.Loopback;

    /// <summary>TCP; 0 takes any free one.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>Tried one after the other where <see cref="Port"/> is taken.</summary>
    public IReadOnlyList<int> OtherPorts { get; init; } = [];

    /// <summary>Whoever opens the page has to know it; none where only this machine reaches the port.</summary>
    public Secret Token { get; init; } = Secret.None;

    /// <summary>
    /// How long whoever pauses or resumes a stream waits for a setup that runs. One that died is found out within 20 s.
    /// </summary>
    public TimeSpan SetupPatience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What a user types to run Millrace, for the commands that the page shows.</summary>
    public string Command { get; init; } = "./millrace";
}
