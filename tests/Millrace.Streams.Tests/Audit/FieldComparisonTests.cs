using System.Text.Json;
using Millrace.Streams.Audit;

namespace Millrace.Streams.Tests.Audit;

public class FieldComparisonTests
{
    [Theory]
    [InlineData("UInt64", "18446744073709551615", "18446744073709551615", true)]
    [InlineData("UInt64", "18446744073709551615", "18446744073709551614", false)]
    [InlineData("Int8", "\"-5\"", "-5", true)]
    [InlineData("Int32", "1e3", "1000", true)]
    [InlineData("Decimal(18, 2)", "12.50", "12.5", true)]
    [InlineData("Decimal(18, 2)", "-0.00", "0", true)]
    [InlineData("Decimal(18, 2)", "1234567890123456.78", "1234567890123456.77", false)]
    [InlineData("Decimal(18, 2)", "1e999999999", "0", null)]
    [InlineData("Float64", "0.1", "0.1", true)]
    [InlineData("Float32", "0.1", "0.2", false)]
    [InlineData("Bool", "true", "true", true)]
    [InlineData("Bool", "1", "true", null)]
    [InlineData("UUID", "\"6F1F6B1E-0000-4000-8000-000000000001\"", "6f1f6b1e-0000-4000-8000-000000000001", true)]
    [InlineData("IPv4", "\"10.0.0.1\"", "10.0.0.1", true)]
    [InlineData("IPv6", "\"::ffff:10.0.0.1\"", "::ffff:10.0.0.1", true)]
    [InlineData("IPv4", "\"10.0.0.1\"", "10.0.0.2", false)]
    [InlineData("DateTime64(3)", "\"2026-11-28T10:00:00.123Z\"", "2026-11-28 10:00:00.123", true)]
    [InlineData("DateTime64(3)", "\"2026-11-28T10:00:00.123456Z\"", "2026-11-28 10:00:00.123", true)]
    [InlineData("DateTime64(3)", "\"2026-11-28T10:00:00.123Z\"", "2026-11-28 11:00:00.123", false)]
    [InlineData("DateTime64(6)", "\"2026-11-28T10:00:00.123456960Z\"", "2026-11-28 10:00:00.123456", true)]
    [InlineData("DateTime64(9)", "\"2026-11-28T10:00:00.999999999Z\"", "2026-11-28 10:00:00.999999998", false)]
    [InlineData("DateTime64(3)", "\"2026-11-28T10:00:00Z\"", "2026-11-28 10:00:00.000", true)]
    [InlineData("DateTime64(3)", "\"2026-11-28T10:00:00+03:00\"", "2026-11-28 07:00:00.000", null)]
    [InlineData("Nullable(Int8)", "5", null, false)]
    [InlineData("Nullable(String)", "\"a\"", null, false)]
    [InlineData("String", "\"\\ufdd0\"", "\ufffd", null)]
    [InlineData("DateTime", "\"2026-11-28T10:00:00Z\"", "2026-11-28 10:00:00", true)]
    [InlineData("DateTime", "1764324000", "2025-11-28 10:00:00", null)]
    [InlineData("Date", "\"2026-11-28\"", "2026-11-28", true)]
    [InlineData("LowCardinality(Nullable(String))", "\"a\\u00e9\"", "a\u00e9", true)]
    [InlineData("String", "\"a\"", "b", false)]
    [InlineData("String", "[1,  2]", "[1,2]", null)]
    [InlineData("Array(String)", "[\"a\"]", "['a']", null)]
    public void What_was_sent_is_compared_with_what_ClickHouse_shows(string type, string sent, string? stored, bool? same)
    {
        using var json = JsonDocument.Parse(sent);
        Assert.Equal(same, FieldComparison.AreSame(type, json.RootElement, stored));
    }
}
