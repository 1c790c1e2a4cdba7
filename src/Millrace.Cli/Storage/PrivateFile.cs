using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Millrace.Cli.Basics;

namespace Millrace.Cli.Storage;

/// <summary>
/// Files of a data directory: never reached through a symbolic link, never another user's. A link in their place would let whoever made it
/// choose which file of ours is overwritten, or whose words we take for our own. Any thread may call.
/// </summary>
static class PrivateFile
{
    const int ReadOnly = 0, WriteOnly = 1, ReadWrite = 2, Create = 0x40, AtEnd = 0x400, NotInherited = 0x80000;
    const uint ForItsUser = 0b110_000_000;

    /// <summary>O_NOFOLLOW: the one flag here that is not the same number everywhere (asm/fcntl.h).</summary>
    static readonly int NoLink = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x8000 : 0x20000;

    /// <returns>null when there is no such file.</returns>
    /// <exception cref="CliException">It is another user's.</exception>
    /// <exception cref="IOException">It is a link, or can't be read.</exception>
    public static byte[]? Read(string path)
    {
        if (OpenToRead(path) is not { } file) return null;
        using var stream = new FileStream(file, FileAccess.Read, bufferSize: 0);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <inheritdoc cref="Read"/>
    public static SafeFileHandle? OpenToRead(string path) => FileFacts.Of(path) is null ? null : Open(path, ReadOnly);

    /// <summary>For reading and writing; made when absent.</summary>
    /// <exception cref="CliException">It is another user's.</exception>
    /// <exception cref="IOException">It is a link, or can't be opened.</exception>
    public static SafeFileHandle OpenOrCreate(string path) => Open(path, ReadWrite | Create);

    /// <summary>Every write goes to what is the end of the file by then, also after somebody emptied it.</summary>
    /// <exception cref="CliException">It is another user's.</exception>
    /// <exception cref="IOException">It is a link, or can't be opened.</exception>
    public static FileStream Append(string path) => new(Open(path, WriteOnly | Create | AtEnd), FileAccess.Write, bufferSize: 0);

    /// <summary>
    /// Readers see the old content or the new one. What stood under the name, a link too, is replaced and not written to.
    /// </summary>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        var incoming = IncomingOf(path);
        File.Delete(incoming);
        using (var file = new FileStream(incoming, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            file.Write(content);
        File.Move(incoming, path, overwrite: true);
    }

    /// <summary>What <see cref="Replace"/> leaves behind when the process is killed in it.</summary>
    public static string IncomingOf(string path) => path + ".incoming";

    /// <summary>The exception for the last call of <see cref="Libc"/>, as .NET would throw it.</summary>
    public static Exception ExceptionFor(string path)
    {
        var error = Marshal.GetLastPInvokeError();
        var why = error == Libc.TooManyLinks ? $"{path} is a symbolic link" : $"{Marshal.GetPInvokeErrorMessage(error)} : '{path}'";
        return error == Libc.NotAllowed ? new UnauthorizedAccessException(why) : new IOException(why, error);
    }

    static SafeFileHandle Open(string path, int flags)
    {
        var descriptor = Libc.Open(path, flags | NoLink | NotInherited, ForItsUser);
        if (descriptor < 0) throw ExceptionFor(path);
        var file = new SafeFileHandle(descriptor, ownsHandle: true);
        if (FileFacts.Of(file).IsMine) return file;
        file.Dispose();
        throw new CliException(ExitCodes.Failed, $"{path} belongs to another user: name a data directory of your own with --data.");
    }
}
