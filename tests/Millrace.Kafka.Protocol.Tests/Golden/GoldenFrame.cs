namespace Millrace.Kafka.Protocol.Tests.Golden;

/// <summary>
/// One request as a real client sent it to this broker, captured between the two; without the size in front. Files are named by the client:
/// <c>API VERSION HEX</c> a line. What no client at hand sends is in <c>answered-by-apache</c>: made by a script, and answered by Apache
/// Kafka.
/// </summary>
sealed record GoldenFrame(string Client, ApiKey ApiKey, short Version, byte[] Bytes)
{
    const string Suffix = ".frames";

    public static IReadOnlyList<GoldenFrame> All { get; } =
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Golden"), "*" + Suffix).Order(StringComparer.Ordinal).SelectMany(Read)];

    public static GoldenFrame Find(string client, ApiKey apiKey, short version) =>
        All.Single(frame => frame.Client == client && frame.ApiKey == apiKey && frame.Version == version);

    static IEnumerable<GoldenFrame> Read(string path)
    {
        foreach (var line in File.ReadLines(path))
        {
            var parts = line.Split(' ');
            yield return new(Path.GetFileNameWithoutExtension(path), Enum.Parse<ApiKey>(parts[0]), short.Parse(parts[1]), Convert.FromHexString(parts[2]));
        }
    }
}
