using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Millrace.Cli.Storage;

/// <summary>What a name stands for.</summary>
enum FileKind
{
    Other,
    File,
    Folder,
    Link,
    Socket,
}

/// <summary>What the file system says of one name: whose it is and of what kind, which .NET does not tell. Immutable.</summary>
/// <param name="Owner">User id.</param>
/// <param name="Identity">Tells two files apart as long as one of them is open.</param>
readonly record struct FileFacts(FileKind Kind, uint Owner, UnixFileMode Mode, long Size, (uint Major, uint Minor, ulong Inode) Identity)
{
    // statx(2), linux/stat.h: the structure is the same on every architecture.
    const int AnswerBytes = 256, OwnerAt = 20, ModeAt = 28, InodeAt = 32, SizeAt = 40, MajorAt = 136, MinorAt = 140;
    const int CurrentFolder = -100, NoFollow = 0x100, EmptyPath = 0x1000;
    const uint BasicFacts = 0x7ff;

    public bool IsMine => Owner == Libc.User();

    public bool OthersMayWrite => (Mode & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0;

    /// <summary>Of the name itself, which may be a link; null when there is none.</summary>
    public static FileFacts? Of(string path) => Ask(CurrentFolder, path, NoFollow);

    /// <summary>Of what the name leads to; null when there is nothing.</summary>
    public static FileFacts? OfTarget(string path) => Ask(CurrentFolder, path, 0);

    public static FileFacts Of(SafeFileHandle file) => Ask((int)file.DangerousGetHandle(), "", EmptyPath)!.Value;

    static unsafe FileFacts? Ask(int folder, string path, int flags)
    {
        var answer = stackalloc byte[AnswerBytes];
        if (Libc.Stat(folder, path, flags, BasicFacts, answer) == 0) return Read(new ReadOnlySpan<byte>(answer, AnswerBytes));
        return Marshal.GetLastPInvokeError() is Libc.NoEntry or Libc.NoFolder ? null : throw PrivateFile.ExceptionFor(path);
    }

    static FileFacts Read(ReadOnlySpan<byte> answer)
    {
        var mode = MemoryMarshal.Read<ushort>(answer[ModeAt..]);
        return new FileFacts(
            KindOf(mode),
            MemoryMarshal.Read<uint>(answer[OwnerAt..]),
            (UnixFileMode)(mode & 0xfff),
            MemoryMarshal.Read<long>(answer[SizeAt..]),
            (
                MemoryMarshal.Read<uint>(answer[MajorAt..]),
                MemoryMarshal.Read<uint>(answer[MinorAt..]),
                MemoryMarshal.Read<ulong>(answer[InodeAt..])));
    }

    // inode(7): the highest four bits.
    static FileKind KindOf(ushort mode) => (mode >> 12) switch
    {
        0x8 => FileKind.File,
        0x4 => FileKind.Folder,
        0xA => FileKind.Link,
        0xC => FileKind.Socket,
        _ => FileKind.Other,
    };
}
