namespace Millrace.Conformance.Clients;

/// <summary>kcat, on the librdkafka that Debian has: the oldest client that must work.</summary>
static class Kcat
{
    public static Task ProduceAsync(string bootstrap, string topic, IEnumerable<string> values, params string[] settings) =>
        Tool.RunAsync("kcat", ["-P", "-b", bootstrap, "-t", topic, .. Options(settings)], string.Join('\n', values) + "\n");

    /// <summary>Every value of a topic, from the beginning to the end of each partition, in ordinal order.</summary>
    public static async Task<string[]> ConsumeAsync(string bootstrap, string topic, params string[] settings) =>
        Sorted(await Tool.RunAsync("kcat", ["-C", "-b", bootstrap, "-t", topic, "-o", "beginning", "-e", "-q", .. Options(settings)]));

    /// <summary>The next <paramref name="count"/> values that a group has not read, in ordinal order.</summary>
    public static async Task<string[]> ConsumeAsGroupAsync(string bootstrap, string group, string topic, int count) => Sorted(
        await Tool.RunAsync("kcat", ["-b", bootstrap, .. Options("auto.offset.reset=earliest"), "-c", $"{count}", "-q", "-G", group, topic]));

    /// <summary>The first record of a topic of one partition, as <paramref name="format"/> prints it; waits until there is one.</summary>
    public static Task<string> NextAsync(string bootstrap, string topic, string format) =>
        Tool.RunAsync("kcat", ["-C", "-b", bootstrap, "-t", topic, "-o", "beginning", "-c", "1", "-q", "-f", format]);

    /// <summary>Offset by timestamp.</summary>
    public static async Task<string> QueryAsync(string bootstrap, string topic, int partition, long timestamp) =>
        (await Tool.RunAsync("kcat", ["-Q", "-b", bootstrap, "-t", $"{topic}:{partition}:{timestamp}"])).Trim();

    public static Task<string> MetadataAsync(string bootstrap) => Tool.RunAsync("kcat", ["-L", "-J", "-b", bootstrap]);

    static IEnumerable<string> Options(params string[] settings) => settings.SelectMany(setting => (string[])["-X", setting]);

    static string[] Sorted(string lines) => [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];
}
