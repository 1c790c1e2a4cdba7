using System.Reflection;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace Millrace.Streams.Kafka;

/// <summary>Finds Kafka's client library, librdkafka, on this machine. Safe from any thread.</summary>
/// <remarks><see cref="Library.Load()"/> with a path is no way: it opens libdl.so, which glibc 2.34 and later no longer install.</remarks>
public static class LibrdkafkaResolver
{
    /// <summary>The name both Confluent.Kafka's imports and ours ask for.</summary>
    internal const string LibraryName = "librdkafka";

    /// <summary>2.0.2, Debian 12's, the oldest that Millrace is tested with.</summary>
    const int Oldest = 0x020002;

    static readonly Lazy<nint> Loaded = new(Load);

    /// <summary>The file's name with the version of its interface, as packages install it: without it only development packages have one.</summary>
    static string FileName => OperatingSystem.IsMacOS() ? "librdkafka.1.dylib" : "librdkafka.so.1";

    /// <summary>Must come before the first use of Confluent.Kafka; again changes nothing.</summary>
    /// <exception cref="LibrdkafkaMissingException">It is not installed.</exception>
    public static void Register() => _ = Loaded.Value;

    /// <param name="version">0xMMmmrrpp, as rd_kafka_version() of rdkafka.h answers.</param>
    /// <exception cref="LibrdkafkaMissingException">It is too old.</exception>
    internal static void RequireUsable(int version)
    {
        if (version >> 8 < Oldest) throw new LibrdkafkaMissingException(FileName, $"{version >> 24}.{(version >> 16) & 0xff}.{(version >> 8) & 0xff}");
    }

    static nint Load()
    {
        if (!NativeLibrary.TryLoad(FileName, out var library)) throw new LibrdkafkaMissingException(FileName);
        RequireUsable(Marshal.GetDelegateForFunctionPointer<VersionFunction>(NativeLibrary.GetExport(library, "rd_kafka_version"))());
        NativeLibrary.SetDllImportResolver(typeof(Library).Assembly, Resolve);
        NativeLibrary.SetDllImportResolver(typeof(LibrdkafkaResolver).Assembly, Resolve);
        return library;

        nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) => name == LibraryName ? library : 0;
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    delegate int VersionFunction();
}
