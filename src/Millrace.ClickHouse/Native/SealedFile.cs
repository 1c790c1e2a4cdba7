using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Millrace.ClickHouse.Native;

/// <summary>
/// A file in memory that lies in no folder and that nobody can change once it is written, not by its descriptor either: memfd_create(2) and
/// its seals. Gone when disposed of.
/// </summary>
sealed partial class SealedFile : IDisposable
{
    /// <summary>MFD_CLOEXEC and MFD_ALLOW_SEALING of linux/memfd.h.</summary>
    const uint CloseOnExec = 1, AllowSealing = 2;

    /// <summary>F_ADD_SEALS of linux/fcntl.h.</summary>
    const int AddSeals = 1033;

    /// <summary>F_SEAL_SEAL, F_SEAL_SHRINK, F_SEAL_GROW and F_SEAL_WRITE.</summary>
    const int EverySeal = 1 | 2 | 4 | 8;

    readonly SafeFileHandle _handle;

    /// <param name="write">Writes what the file says; gets its <see cref="Path"/>.</param>
    /// <exception cref="IOException">The kernel gives none.</exception>
    public SealedFile(string name, Action<string, Stream> write)
    {
        _handle = Create(name, CloseOnExec | AllowSealing);
        if (_handle.IsInvalid) throw Refused();
        Path = $"/proc/self/fd/{_handle.DangerousGetHandle()}";
        using (var stream = new FileStream(Path, FileMode.Open, FileAccess.Write)) write(Path, stream);
        if (Control(_handle, AddSeals, EverySeal) < 0) throw Refused();
    }

    /// <summary>Where this process, and no other, opens it.</summary>
    public string Path { get; }

    public void Dispose() => _handle.Dispose();

    static IOException Refused() => new($"The kernel refuses a file in memory: {new Win32Exception().Message}");

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Create(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, int command, int argument);
}
