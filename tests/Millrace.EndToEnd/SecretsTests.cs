using System.Globalization;
using System.Text;

namespace Millrace.EndToEnd;

/// <summary>A stand with a password that is found again wherever it shows.</summary>
public sealed class SecretsTests : IAsyncLifetime
{
    const string Password = "Zx9 +/'%ö@secret";

    const string KafkaPassword = "Qy7 'kafka\\secret";

    readonly Stand _stand = new();
    readonly StringBuilder _said = new();

    public Task InitializeAsync()
    {
        Environment.SetEnvironmentVariable("MILLRACE_CLICKHOUSE_PASSWORD", Password);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        Environment.SetEnvironmentVariable("MILLRACE_CLICKHOUSE_PASSWORD", null);
        await _stand.DisposeAsync();
    }

    [Fact]
    public async Task A_password_shows_in_no_output_log_state_or_command_line_of_anything_that_runs()
    {
        var address = (await _stand.UpAsync("--rate", "10")).GetProperty("clickhouse").GetString()!;
        var url = new UriBuilder(address) { UserName = "default", Password = Uri.EscapeDataString(Password) }.Uri.AbsoluteUri;
        await File.WriteAllTextAsync(Profile, ProfileText(await KafkaAsync()));

        string[] commands = ["ps", "ps -o json", "topics", "groups", "audit", "restart clickhouse", "restart emitter", "version"];
        foreach (var command in commands) await HearAsync(0, command.Split(' '));
        await HearAsync(1, "sql", "SELECT nonsense");
        await HearAsync(0, "sql", "--clickhouse", url, "SELECT 1");
        await HearAsync(3, "sql", "--clickhouse", url.Replace("Zx9", "Zx8", StringComparison.Ordinal), "SELECT 1");
        await HearAsync(3, "audit", "--clickhouse", new UriBuilder(url) { Port = 1 }.Uri.AbsoluteUri);
        await HearAsync(2, "sql", "--clickhouse", url.Replace("http", "htp", StringComparison.Ordinal), "SELECT 1");
        await HearAsync(2, "sql", "--clickhouse", $"http://h:8123/?user=default&password={Uri.EscapeDataString(Password)}", "SELECT 1");
        await HearAsync(2, "up", "--clikhouse", url);
        await HearAsync(0, "ddl", "--profile", Profile);
        await HearAsync(0, "ddl", "--profile", Profile, "-o", "json");
        await HearAsync(0, "run", "setup", "--profile", Profile);
        await HearAsync(0, "logs");

        Assert.Contains("kafka_sasl_password = '[HIDDEN]'", _said.ToString(), StringComparison.Ordinal);
        AssertHidden("what the commands said", _said.ToString());
        var logs = Directory.GetFiles(_stand.Data, "*.log*", SearchOption.AllDirectories);
        foreach (var file in logs.Append(Path.Combine(_stand.Data, "state.json"))) AssertHidden(file, await ReadAsync(file));
        AssertHidden("command lines", await CommandLinesAsync());
    }

    string Profile => Path.Combine(Path.GetDirectoryName(_stand.Data)!, "profile.yaml");

    static string ProfileText(string kafka) =>
        $"""
        kafka:
          bootstrap: {kafka}
          properties:
            sasl.username: me
            sasl.password: "{KafkaPassword.Replace("\\", "\\\\", StringComparison.Ordinal)}"
        """;

    async Task<string> KafkaAsync() => (await _stand.RunAsync("ps", "-o", "json")).Json.GetProperty("kafka").GetString()!;

    async Task HearAsync(int exitCode, params string[] command)
    {
        var result = (await _stand.RunAsync(command)).Expect(exitCode);
        _said.Append(CultureInfo.InvariantCulture, $"\n{string.Join(' ', command.Take(2))}:\n{result.Output}{result.Error}");
    }

    static async Task<string> ReadAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return await new StreamReader(stream).ReadToEndAsync();
    }

    /// <summary>Of every process that serves the stand.</summary>
    async Task<string> CommandLinesAsync()
    {
        var all = new StringBuilder();
        foreach (var process in Directory.GetDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _)))
        {
            try { all.Append(await File.ReadAllTextAsync(Path.Combine(process, "cmdline"))).Append('\n'); }
            catch (IOException) { /* It ended. */ }
        }
        Assert.Contains(_stand.Data, all.ToString(), StringComparison.Ordinal);
        return all.ToString();
    }

    static void AssertHidden(string where, string text)
    {
        foreach (var password in (string[])[Password, KafkaPassword])
            foreach (var form in FormsOf(password))
                Assert.False(text.Contains(form, StringComparison.Ordinal), $"{where}: {text}");
    }

    static string[] FormsOf(string password) =>
    [
        password,
        Uri.EscapeDataString(password),
        Base64(password),
        Base64($"default:{password}"),
        password.Replace("'", "\\'", StringComparison.Ordinal),
    ];

    static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
