using System.Net;
using System.Net.Sockets;

namespace Millrace.Listening;

/// <summary>An address can't be listened on. The message is the operating system's.</summary>
public sealed class CantBindException(IPEndPoint endPoint, SocketException cause) : Exception(cause.Message, cause)
{
    /// <summary>Of several addresses that were to be bound, the one that can't be.</summary>
    public IPEndPoint EndPoint => endPoint;

    public SocketError SocketErrorCode => cause.SocketErrorCode;
}
