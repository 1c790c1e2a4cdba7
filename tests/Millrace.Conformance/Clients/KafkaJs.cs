using Millrace.Testing;

namespace Millrace.Conformance.Clients;

/// <summary>kafkajs, a client that shares no code with librdkafka. ./dev installs it; without that it is installed here.</summary>
static class KafkaJs
{
    const string Version = "2.2.4";

    static readonly Lazy<Task<string>> Modules = new(FindAsync);

    /// <summary>Runs a script of Clients/Scripts with the bootstrap and further arguments.</summary>
    /// <returns>What it printed, trimmed.</returns>
    public static async Task<string> RunAsync(string script, string bootstrap, params string[] arguments)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Clients", "Scripts", script);
        string[] command = [$"NODE_PATH={await Modules.Value}", "KAFKAJS_NO_PARTITIONER_WARNING=1", "node", path, bootstrap];
        var output = await Tool.RunAsync("env", [.. command, .. arguments]);
        return output.Trim();
    }

    static async Task<string> FindAsync()
    {
        if (Environment.GetEnvironmentVariable("NODE_PATH") is { Length: > 0 } path && Directory.Exists(Path.Combine(path, "kafkajs"))) return path;
        var folder = Path.Combine(Repository.Root, "artifacts", $"node-{Version}");
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "kafkajs")))
            await Tool.RunAsync("npm", ["install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, $"kafkajs@{Version}"]);
        return Path.Combine(folder, "node_modules");
    }
}
