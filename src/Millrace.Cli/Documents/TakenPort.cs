using System.Net;
using System.Text.Json.Serialization;

namespace Millrace.Cli.Documents;

/// <summary>The port that a server of the stand took where more than one would do. Immutable.</summary>
/// <param name="Wanted">The one that was asked for; 0 for any.</param>
sealed record TakenPort(int Wanted, int Taken)
{
    /// <summary>false in a file that somebody else wrote.</summary>
    [JsonIgnore]
    public bool IsPort => Taken is > 0 and <= IPEndPoint.MaxPort;
}
