using System.IO.Compression;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using K4os.Compression.LZ4.Streams;
using Millrace.Testing;
using ZstdSharp;

namespace Millrace.ClickHouse.Tests.Http;

[Collection(EngineCollection.Name)]
public sealed class InsertTests(EngineFixture engine)
{
    [Theory]
    [InlineData("CSV", "1,a\n2,b\n")]
    [InlineData("TSV", "1\ta\n2\tb\n")]
    [InlineData("JSONEachRow", "{\"n\":1,\"s\":\"a\"}\n\n\n{\"n\":2,\"s\":\"b\"}\n")]
    [InlineData("Values", "(1,'a'),(2,'b')")]
    public async Task Rows_in_the_body_are_inserted_in_the_format_the_query_names(string format, string rows)
    {
        var table = await NewTable();

        var answer = await engine.Post(rows, $"query=INSERT+INTO+{table}+FORMAT+{format}");

        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal("1\ta\n2\tb", await engine.Ask($"SELECT * FROM {table} ORDER BY n"));
        Assert.Equal("2", JsonSerializer.Deserialize<Dictionary<string, string>>(answer.Headers["X-ClickHouse-Summary"])!["written_rows"]);
    }

    [Theory]
    [InlineData("INSERT INTO {0} VALUES (1,'a'),(2,'b')")]
    [InlineData("INSERT INTO {0} (s, n) VALUES ('a', 1), ('b', 2);")]
    [InlineData("insert into {0} format CSV\n1,a\n2,b\n")]
    [InlineData("INSERT INTO {0} SETTINGS input_format_csv_trim_whitespaces = 1 FORMAT CSV\r\n1,a\n2,b")]
    [InlineData("INSERT INTO {0} SELECT number + 1, char(97 + number) FROM numbers(2)")]
    [InlineData("-- two rows\nINSERT /* of */ INTO TABLE {0} FORMAT JSONEachRow {{\"n\":1,\"s\":\"a\"}} {{\"n\":2,\"s\":\"b\"}}")]
    public async Task Statement_and_rows_may_come_in_one_body(string statement)
    {
        var table = await NewTable();

        await engine.Ask(string.Format(System.Globalization.CultureInfo.InvariantCulture, statement, table));

        Assert.Equal("1\ta\n2\tb", await engine.Ask($"SELECT * FROM {table} ORDER BY n"));
    }

    [Theory]
    [InlineData("INSERT INTO {0} FORMAT CSV\n1,a;\n")]
    [InlineData("WITH 1 AS y INSERT INTO {0} FORMAT CSV\n1,a;\n")]
    [InlineData("WITH {{SELECT:Int32}} AS y INSERT INTO {0} (n, s) FORMAT CSV\n1,a;")]
    public async Task A_semicolon_that_ends_the_rows_is_theirs(string statement)
    {
        var table = await NewTable();

        var filled = string.Format(System.Globalization.CultureInfo.InvariantCulture, statement, table);
        var answer = await engine.Post(filled, "param_SELECT=13");

        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal("1\ta;", await engine.Ask($"SELECT * FROM {table}"));
    }

    [Theory]
    [InlineData("RowBinary")]
    [InlineData("Native")]
    [InlineData("Parquet")]
    [InlineData("RowBinaryWithNamesAndTypes")]
    [InlineData("JSONCompactEachRow")]
    public async Task What_a_select_gives_an_insert_takes_byte_for_byte(string format)
    {
        // 300,000 rows: several blocks, over the megabyte that is held back, with line breaks and blanks among the bytes.
        const string Rows = "SELECT toInt64(number * 10) AS n, char(number % 256, 10, 10, 32) AS s FROM numbers(300000)";
        var table = await NewTable();
        var data = await engine.Post($"{Rows} FORMAT {format}");

        var answer = await engine.Send(HttpMethod.Post, $"query=INSERT+INTO+{table}+FORMAT+{format}", new ByteArrayContent(data.Body));

        Assert.True(answer.Status == 200, answer.Text);
        const string Digest = "SELECT count(), sum(cityHash64(n, s))";
        Assert.Equal(await engine.Ask($"{Digest} FROM ({Rows})"), await engine.Ask($"{Digest} FROM {table}"));
    }

    [Fact]
    public async Task Parameters_and_settings_hold_for_inserts_too()
    {
        var table = await NewTable();

        await engine.Ask("1;a", $"query=INSERT+INTO+{{t:Identifier}}+FORMAT+CSV&param_t={table}&format_csv_delimiter=;");

        Assert.Equal("1\ta", await engine.Ask($"SELECT * FROM {table}"));
    }

    [Theory]
    [InlineData("CSV", "1,a\nx,b\n", 400, "27")]
    [InlineData("JSONEachRow", "{\"n\":1", 500, "33")]
    [InlineData("Nosuch", "1", 404, "73")]
    public async Task Bad_rows_are_an_error_and_insert_nothing(string format, string rows, int status, string code)
    {
        var table = await NewTable();

        var answer = await engine.Post(rows, $"query=INSERT+INTO+{table}+FORMAT+{format}");

        Assert.Equal((status, code), (answer.Status, answer.ErrorCode));
        Assert.Equal("0", await engine.Ask($"SELECT count() FROM {table}"));
    }

    [Fact]
    public async Task An_insert_by_get_or_into_no_table_is_refused()
    {
        var table = await NewTable();

        Assert.Equal("164", (await engine.Get($"query=INSERT+INTO+{table}+VALUES+(1,'a')")).ErrorCode);
        Assert.Equal("60", (await engine.Post("1", "query=INSERT+INTO+nosuch+FORMAT+CSV")).ErrorCode);
        Assert.Equal("0", await engine.Ask($"SELECT count() FROM {table}"));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    [InlineData("zstd")]
    [InlineData("lz4")]
    public async Task A_packed_body_is_unpacked(string encoding)
    {
        var table = await NewTable();
        using var content = new ByteArrayContent(Pack(encoding, Encoding.UTF8.GetBytes("1,a\n2,b\n")));
        content.Headers.ContentEncoding.Add(encoding);

        var answer = await engine.Send(HttpMethod.Post, $"query=INSERT+INTO+{table}+FORMAT+CSV", content);

        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal("2", await engine.Ask($"SELECT count() FROM {table}"));
    }

    [Theory]
    [InlineData("xz")]
    [InlineData("snappy")]
    public async Task A_packing_that_is_not_served_is_refused_with_those_that_are(string encoding)
    {
        using var content = new ByteArrayContent("SELECT 1"u8.ToArray()) { Headers = { ContentEncoding = { encoding } } };

        var answer = await engine.Send(HttpMethod.Post, "", content);

        Assert.Equal((501, "48"), (answer.Status, answer.ErrorCode));
        Assert.Contains("zstd", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_packing_is_an_error_and_inserts_nothing()
    {
        var table = await NewTable();
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes("this is no gzip"));
        content.Headers.ContentEncoding.Add("gzip");

        var answer = await engine.Send(HttpMethod.Post, $"query=INSERT+INTO+{table}+FORMAT+CSV", content);

        Assert.Equal((500, "33"), (answer.Status, answer.ErrorCode));
        Assert.Equal("0", await engine.Ask($"SELECT count() FROM {table}"));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    [InlineData("zstd")]
    [InlineData("lz4")]
    public async Task A_packed_body_that_ends_too_early_is_an_error_and_inserts_nothing(string encoding)
    {
        var table = await NewTable();
        var packed = Pack(encoding, Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 1000).Select(n => $"{n},a\n"))));
        using var content = new ByteArrayContent(packed[..(packed.Length / 2)]);
        content.Headers.ContentEncoding.Add(encoding);

        var answer = await engine.Send(HttpMethod.Post, $"query=INSERT+INTO+{table}+FORMAT+CSV", content);

        Assert.Equal((500, "33"), (answer.Status, answer.ErrorCode));
        Assert.Equal("0", await engine.Ask($"SELECT count() FROM {table}"));
    }

    [Theory]
    [InlineData("Content-Length: 1000000")]
    [InlineData("Transfer-Encoding: chunked")]
    public async Task A_body_that_breaks_off_inserts_nothing(string length)
    {
        var table = await NewTable();
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(engine.Host.Url.Host, engine.Host.Url.Port);
            // More than the 256 KiB in which the statement is looked for, less than a block of rows.
            var rows = string.Concat(Enumerable.Repeat("1,a\n", 100_000));
            var chunk = length.StartsWith('T') ? $"{rows.Length:x}\r\n{rows}\r\n" : rows;
            var head = $"POST /?query_id={table}&query=INSERT+INTO+{table}+FORMAT+CSV HTTP/1.1\r\nHost: localhost\r\n{length}\r\n\r\n";
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head + chunk));
            await Eventually.Holds(async () => await Running(table) == "1", "the insert waits for the rest");
        }

        await Eventually.Holds(async () => await Running(table) == "0", "the insert is over");
        Assert.Equal("0", await engine.Ask($"SELECT count() FROM {table}"));
        await engine.Ask("1,a\n", $"query=INSERT+INTO+{table}+FORMAT+CSV");
        Assert.Equal("1", await engine.Ask($"SELECT count() FROM {table}"));
    }

    Task<string> Running(string id) => engine.Ask($"SELECT count() FROM system.processes WHERE Settings['promql_table'] = '{id}'");

    async Task<string> NewTable()
    {
        var table = $"t_{Guid.NewGuid():N}";
        await engine.Ask($"CREATE TABLE {table} (n Int64, s String) ENGINE = MergeTree ORDER BY n");
        return table;
    }

    static byte[] Pack(string encoding, byte[] data)
    {
        var packed = new MemoryStream();
        using (Stream stream = encoding switch
        {
            "gzip" => new GZipStream(packed, CompressionLevel.Fastest),
            "deflate" => new ZLibStream(packed, CompressionLevel.Fastest),
            "zstd" => new CompressionStream(packed),
            "lz4" => LZ4Stream.Encode(packed),
            _ => new BrotliStream(packed, CompressionLevel.Fastest),
        })
            stream.Write(data);
        return packed.ToArray();
    }
}
