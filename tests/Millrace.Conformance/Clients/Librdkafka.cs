using System.Runtime.InteropServices;
using Confluent.Kafka;
using Millrace.Streams.Kafka;
using Millrace.Testing;

namespace Millrace.Conformance.Clients;

/// <summary>The native library behind the managed client: a newer one beside the checkout where there is one, else the machine's.</summary>
static class Librdkafka
{
    /// <summary>The first with ListOffsets and DescribeCluster (its CHANGELOG.md); on an older one calling them ends the process.</summary>
    public const int FirstWithListOffsets = 0x02030000;

    static readonly Lazy<int> Loaded = new(Load);

    /// <summary>As <see cref="Library.Version"/>. The first to ask loads the library.</summary>
    public static int Version => Loaded.Value;

    static int Load()
    {
        var library = Path.Combine(Repository.Shared, "librdkafka", "librdkafka.so.1");
        // The loader takes what is loaded already for the library of that name.
        if (File.Exists(library)) NativeLibrary.Load(library);
        LibrdkafkaResolver.Register();
        return Library.Version;
    }
}
