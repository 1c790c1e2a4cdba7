using System.Diagnostics;
using Millrace.Testing;

namespace Millrace.ClickHouse.Tests.Clients;

/// <summary>clickhouse-js, as a stranger to the host. It asks localhost, wherever that leads.</summary>
[Collection(EngineCollection.Name)]
public sealed class ClickHouseJsTests(EngineFixture engine)
{
    const string Version = "1.23.1";

    static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [RequiresFact(Prerequisite.Node)]
    public async Task It_reads_inserts_and_keeps_a_session()
    {
        var folder = await InstallAsync();
        var answers = await RunAsync(
            "node",
            ["-e", Script, $"http://localhost:{engine.Host.Url.Port}"],
            ("NODE_PATH", Path.Combine(folder, "node_modules")));

        Assert.Equal(
            """{"packed":100000,"value":"it's","session":[{"n":3,"threads":"3"}],"rows":[{"c":1000,"s":"499500"}],"code":"47"}""",
            answers.Trim());
    }

    /// <summary>Answers are packed with gzip, rows go as a stream; each answer is one field of what it prints.</summary>
    const string Script = """
        const { createClient } = require('@clickhouse/client');
        const { Readable } = require('stream');
        (async () => {
            const url = process.argv[1];
            const plain = createClient({ url, compression: { response: true, request: true } });
            const kept = createClient({ url, session_id: 'js-' + Date.now() });
            const rows = async (client, query, query_params) => (await client.query({ query, query_params, format: 'JSONEachRow' })).json();
            const packed = (await rows(plain, 'SELECT number FROM numbers(100000)')).length;
            const value = (await rows(plain, 'SELECT {v:String} AS v', { v: "it's" }))[0].v;
            await kept.command({ query: 'SET max_threads = 3' });
            await kept.command({ query: 'CREATE TEMPORARY TABLE js_temp (n UInt8)' });
            await kept.insert({ table: 'js_temp', values: [{ n: 1 }, { n: 2 }], format: 'JSONEachRow' });
            const session = await rows(kept, "SELECT toUInt8(sum(n)) AS n, toString(getSetting('max_threads')) AS threads FROM js_temp");
            await plain.command({ query: 'CREATE TABLE js_rows (n UInt32) ENGINE = MergeTree ORDER BY n' });
            const values = Readable.from(Array.from({ length: 1000 }, (_, n) => ({ n })));
            await plain.insert({ table: 'js_rows', values, format: 'JSONEachRow' });
            const stored = await rows(plain, 'SELECT toUInt16(count()) AS c, toString(sum(n)) AS s FROM js_rows');
            const code = await rows(plain, 'SELECT nosuch').then(() => 'none', error => error.code);
            await plain.close();
            await kept.close();
            console.log(JSON.stringify({ packed, value, session, rows: stored, code }));
        })().catch(error => { console.error(error); process.exit(1); });
        """;

    static async Task<string> InstallAsync()
    {
        var folder = Path.Combine(Repository.Root, "artifacts", $"clickhouse-js-{Version}");
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "@clickhouse", "client")))
            await RunAsync("npm", ["install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, $"@clickhouse/client@{Version}"]);
        return folder;
    }

    static async Task<string> RunAsync(string program, string[] arguments, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in variables) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        await using var kill = limit.Token.Register(process.Kill);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var output = await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {await errors}{output}");
        return output;
    }
}
