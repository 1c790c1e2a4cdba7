using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Millrace.Cli.Basics;
using Millrace.Listening;

namespace Millrace.Cli.Supervision;

/// <summary>Finds free TCP ports, and who holds one that isn't.</summary>
static class PortHolder
{
    /// <summary>Whether a server could listen there now, on both loopbacks where it is one.</summary>
    /// <exception cref="CliException">None could ever: it is no address of this machine, or the port is for root alone.</exception>
    public static bool IsFree(IPAddress address, int port) => TryListen(address, port) is not null;

    /// <summary>One that is free now.</summary>
    /// <exception cref="CliException">It is no address of this machine, or every port found was taken by somebody else at once.</exception>
    public static int FindFree(IPAddress address) => TryListen(address, 0)
        ?? throw new CliException(ExitCodes.CannotStart, $"No free port was found on {address}: try again, or name one.");

    /// <returns>The port that was listened on for a moment; null when somebody else does.</returns>
    static int? TryListen(IPAddress address, int port)
    {
        var wanted = new IPEndPoint(address, port);
        try
        {
            var sockets = ListeningSockets.Listen(wanted, leftOut: (_, _) => { });
            var free = ((IPEndPoint)sockets[0].LocalEndPoint!).Port;
            foreach (var socket in sockets) socket.Dispose();
            return free;
        }
        catch (CantBindException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse)
        {
            return null;
        }
        catch (CantBindException e) when (e.SocketErrorCode is SocketError.AccessDenied)
        {
            throw new CliException(
                ExitCodes.CannotStart,
                $"Only root may listen on {wanted}: take a port from 1024 on with --kafka-port or --clickhouse-port.", e);
        }
        catch (CantBindException e)
        {
            throw new CliException(
                ExitCodes.CannotStart,
                $"No server can listen on {address} ({e.Message}): name an address of this machine with --listen.", e);
        }
    }

    /// <summary>"java (pid 4711)", or words to that effect when the process belongs to another user.</summary>
    public static string Describe(int port)
    {
        var inodes = ListeningInodes(port).ToHashSet();
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _)))
            if (HoldsSocket(process, inodes)) return $"{NameOf(process)} (pid {Path.GetFileName(process)})";
        return "a process of another user";
    }

    /// <summary>Inodes of the sockets that listen on a port: proc(5), /proc/net/tcp.</summary>
    static IEnumerable<string> ListeningInodes(int port)
    {
        const string listening = "0A";
        var suffix = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        foreach (var table in new[] { "/proc/net/tcp", "/proc/net/tcp6" }.Where(File.Exists))
            foreach (var line in File.ReadLines(table).Skip(1))
            {
                // sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode
                var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (fields[1].EndsWith(suffix, StringComparison.Ordinal) && fields[3] == listening) yield return fields[9];
            }
    }

    static bool HoldsSocket(string process, HashSet<string> inodes)
    {
        try
        {
            const string socket = "socket:[";
            return Directory.EnumerateFiles(Path.Combine(process, "fd")).Select(descriptor => new FileInfo(descriptor).LinkTarget)
                .Any(target => target?.StartsWith(socket, StringComparison.Ordinal) == true && inodes.Contains(target[socket.Length..^1]));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    static string NameOf(string process)
    {
        try
        {
            var name = File.ReadAllText(Path.Combine(process, "comm")).Trim();
            // Every .NET program is called dotnet: the assembly and its first words say more.
            return name == "dotnet" ? string.Join(' ', Arguments(process).Take(4).Select(Path.GetFileName)) : name;
        }
        catch (IOException)
        {
            return "a process";
        }
    }

    static string[] Arguments(string process) => File.ReadAllText(Path.Combine(process, "cmdline")).TrimEnd('\0').Split('\0');
}
