using System.Data.Common;
using ClickHouse.Driver.ADO;

namespace Millrace.ClickHouse.Tests.Clients;

/// <summary>ClickHouse's own driver for .NET, as a stranger to the host.</summary>
[Collection(EngineCollection.Name)]
public sealed class DriverTests(EngineFixture engine)
{
    [Theory]
    [InlineData("Compression=true")]
    [InlineData("Compression=false")]
    [InlineData("UseSession=true")]
    [InlineData("set_max_threads=1")]
    public async Task It_reads_values_of_every_kind(string option)
    {
        await using var connection = await OpenAsync(option);
        await using var reader = await Command(connection, """
            SELECT
                toUInt64(18446744073709551615), 'Привет', toDecimal64(12.34, 2), [1, 2], NULL::Nullable(Int8), toDate('2026-11-26'),
                number
            FROM numbers(100000)
            """).ExecuteReaderAsync();

        var rows = 0ul;
        for (; await reader.ReadAsync(); rows++)
        {
            var first = (reader.GetFieldValue<ulong>(0), reader.GetString(1), reader.GetDecimal(2));
            Assert.Equal((ulong.MaxValue, "Привет", 12.34m), first);
            Assert.True(reader.IsDBNull(4));
            Assert.Equal(rows, reader.GetFieldValue<ulong>(6));
        }
        Assert.Equal(100_000ul, rows);
    }

    [Fact]
    public async Task Its_session_keeps_settings_and_temporary_tables()
    {
        await using var connection = await OpenAsync("UseSession=true");
        await Command(connection, "SET max_block_size = 17").ExecuteNonQueryAsync();
        await Command(connection, "CREATE TEMPORARY TABLE of_driver (n UInt32, s String)").ExecuteNonQueryAsync();
        await Command(connection, "INSERT INTO of_driver VALUES (1, 'one'), (2, 'two')").ExecuteNonQueryAsync();

        const string CountAndSetting = "SELECT concat(count(), ' ', getSetting('max_block_size')) FROM of_driver";
        Assert.Equal("2 17", await Command(connection, CountAndSetting).ExecuteScalarAsync());
        await using var other = await OpenAsync("UseSession=true");
        Assert.Equal((byte)0, await Command(other, "EXISTS TEMPORARY TABLE of_driver").ExecuteScalarAsync());
    }

    [Fact]
    public async Task Its_parameters_are_values()
    {
        await using var connection = await OpenAsync("Compression=true");
        var command = Command(connection, "SELECT concat({s:String}, toString({n:Int32} + 1))");
        foreach (var (name, value) in ((string, object)[])[("s", "it's \\ ; "), ("n", 41)])
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        Assert.Equal("it's \\ ; 42", await command.ExecuteScalarAsync());
    }

    [Theory]
    [InlineData("UseSession=false")]
    [InlineData("UseSession=true")]
    public async Task Its_bulk_insert_stores_every_row(string option)
    {
        var table = $"driver_{Guid.NewGuid():N}";
        await engine.Ask($"CREATE TABLE {table} (n UInt32, s String) ENGINE = MergeTree ORDER BY n");
        await using var connection = await OpenAsync(option);
        using var client = new global::ClickHouse.Driver.ClickHouseClient(connection.ConnectionString);
        await client.InsertBinaryAsync(table, ["n", "s"], Enumerable.Range(0, 250_000).Select(n => (object[])[(uint)n, $"row {n}"]));

        Assert.Equal("250000\t31249875000", await engine.Ask($"SELECT count(), sum(n) FROM {table}"));
    }

    [Fact]
    public async Task Its_errors_carry_the_code()
    {
        await using var connection = await OpenAsync("Compression=true");
        var error = await Assert.ThrowsAnyAsync<DbException>(() => Command(connection, "SELECT nosuch").ExecuteScalarAsync());
        Assert.Contains("Code: 47", error.Message, StringComparison.Ordinal);
    }

    async Task<ClickHouseConnection> OpenAsync(string option)
    {
        var url = engine.Host.Url;
        var connection = new ClickHouseConnection($"Host={url.Host};Port={url.Port};{option}");
        await connection.OpenAsync();
        return connection;
    }

    static DbCommand Command(ClickHouseConnection connection, string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }
}
