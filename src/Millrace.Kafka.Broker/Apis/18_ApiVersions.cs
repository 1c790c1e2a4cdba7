using System.Text.RegularExpressions;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Apis;

// ApiVersions, versions 0 to 4. Says which versions of which APIs are served: the ApiTable.
// A version above 4 is answered by the dispatcher: error 35 in the body of version 0, and the connection goes on (KIP-511).
// The tagged feature fields are left out: no feature (transaction.version, group.version) is finalized here.
//
// INVALID_REQUEST   the client's software name or version breaks KIP-511's pattern
static partial class ApiVersionsApi
{
    static readonly ApiVersionsResponse.Range[] Served =
        [.. ApiTable.All.Select(api => new ApiVersionsResponse.Range(api.Key, api.AdvertisedMinVersion ?? api.MinVersion, api.MaxVersion))];

    public static ValueTask HandleAsync(RequestContext context)
    {
        var reader = context.CreateReader();
        var request = ApiVersionsRequest.Read(ref reader, context.Version);
        var valid = context.Version < ApiVersionsRequest.FirstFlexible
            || (SoftwareName.IsMatch(request.ClientSoftwareName) && SoftwareName.IsMatch(request.ClientSoftwareVersion));
        var response = valid ? new ApiVersionsResponse(ErrorCode.None, Served) : new(ErrorCode.InvalidRequest, []);
        response.Write(context.Response, context.Version);
        return ValueTask.CompletedTask;
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?\z")]
    static partial Regex SoftwareName { get; }
}
