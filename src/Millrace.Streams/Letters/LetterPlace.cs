using System.Globalization;

namespace Millrace.Streams.Letters;

/// <summary>
/// One number for partition and offset, so that a bitmap can hold which records a table has: a bit or two each where offsets are dense. No
/// partition has 2^48 records: at a million a second that is nine years.
/// </summary>
static class LetterPlace
{
    public const string Number = "bitOr(bitShiftLeft(toUInt64(kafka_partition), 48), kafka_offset)";

    /// <summary>Whether a letter comes after that of a place, in the order key of the dead letters.</summary>
    public static string IsAfter(int partition, long offset) => string.Create(
        CultureInfo.InvariantCulture,
        $"(kafka_partition > {partition} OR (kafka_partition = {partition} AND kafka_offset > {offset}))");

    /// <summary>Whether a table has a row of the record.</summary>
    /// <param name="range">Of the offsets of the records that are asked for, both inclusive.</param>
    /// <param name="rows">A condition for the rows that count.</param>
    public static string IsIn(string table, string topic, (long From, long To) range, string rows = "true") => string.Create(
        CultureInfo.InvariantCulture,
        $"bitmapContains((SELECT groupBitmapState({Number}) FROM {table} WHERE kafka_topic = {ClickHouse.Sql.Text(topic)} "
        + $"AND kafka_offset >= {range.From} AND kafka_offset <= {range.To} AND {rows}), {Number})");
}
