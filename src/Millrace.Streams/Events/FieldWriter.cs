using System.Text;
using System.Text.Json;
using Millrace.Streams.Definition;
using Millrace.Streams.Types;

namespace Millrace.Streams.Events;

/// <summary>Writes one column's value of the event that <paramref name="context"/> is about.</summary>
delegate void FieldWriter(JsonLine line, EventContext context);

/// <summary>Turns the generators of a definition into writers, once.</summary>
static class FieldWriters
{
    /// <summary>Prices are kept in hundredths.</summary>
    const int PriceScale = 2;

    /// <summary>A tick of .NET is 10^-7 s.</summary>
    const int TickDigits = 7;

    public static FieldWriter For(ColumnDefinition column)
    {
        var write = For(column.Generator, column.Type);
        return column.NullShare > 0 ? Sometimes(column.NullShare, write) : write;
    }

    static FieldWriter For(ColumnGenerator generator, ColumnType type) => generator switch
    {
        ColumnGenerator.FromEvent value => ForEvent(value.Value, type),
        ColumnGenerator.Choice choice => ForChoice(choice, type),
        ColumnGenerator.Range range => ForRange(range, type),
        ColumnGenerator.Array array => ForArray(array, For(array.Element, ((ArrayType)type).Element)),
        ColumnGenerator.Object fields => ForObject(fields),
        _ => throw new ArgumentException($"no writer for {generator}"),
    };

    static FieldWriter ForArray(ColumnGenerator.Array array, FieldWriter element) => (line, context) =>
    {
        var length = array.Shortest + context.Random.Below(array.Longest - array.Shortest + 1);
        line.Raw("["u8);
        for (var i = 0; i < length; i++)
        {
            if (i > 0) line.Raw(","u8);
            element(line, context);
        }
        line.Raw("]"u8);
    };

    static FieldWriter ForObject(ColumnGenerator.Object fields)
    {
        var writers = fields.Fields.Select((field, i) => (
            Name: Encoding.UTF8.GetBytes($"{(i == 0 ? '{' : ',')}{JsonSerializer.Serialize(field.Name)}:"),
            Write: For(field.Generator, field.Type))).ToArray();
        return (line, context) =>
        {
            foreach (var (name, write) in writers)
            {
                line.Raw(name);
                write(line, context);
            }
            line.Raw("}"u8);
        };
    }

    static FieldWriter Sometimes(double nullShare, FieldWriter write) => (line, context) =>
    {
        if (context.Random.Chance(nullShare)) line.Raw("null"u8);
        else write(line, context);
    };

    static FieldWriter ForEvent(EventValue value, ColumnType type) => value switch
    {
        EventValue.Uuid => (line, context) => line.Uuid(context.Random.Uuid()),
        EventValue.Now when type.Format?.Exponent is { } exponent => (line, context) => line.Integer(SinceEpoch(context.Now, exponent)),
        EventValue.Now when type is DateType => (line, context) => line.Day(context.Now),
        EventValue.Now => (line, context) => line.Timestamp(context.Now),
        EventValue.SessionId => (line, context) => line.Uuid(context.Session.Id),
        EventValue.SessionUserId => Number(context => context.Session.UserId, type),
        EventValue.SessionIp => (line, context) => line.IPv4(context.Session.Ip),
        EventValue.SessionCountry => (line, context) => line.Raw(context.Session.Country),
        EventValue.SessionDevice => (line, context) => line.Raw(context.Session.Device),
        EventValue.SessionReferrer => (line, context) => line.Raw(context.Session.Referrer),
        EventValue.ProductId => Number(context => context.Product.Id, type),
        EventValue.ProductCategory => (line, context) => line.Raw(context.Product.Category),
        EventValue.ProductPrice => (line, context) => line.Fixed(context.Product.Price, PriceScale),
        EventValue.OrderQuantity => Number(context => context.Quantity, type),
        EventValue.OrderAmount => (line, context) => line.Fixed(context.Product.Price * context.Quantity, PriceScale),
        _ => throw new ArgumentOutOfRangeException(nameof(value), value, message: null),
    };

    static FieldWriter Number(Func<EventContext, int> value, ColumnType type) => type.IsText
        ? (line, context) => line.Quoted(value(context))
        : (line, context) => line.Integer(value(context));

    /// <param name="exponent">Of the unit: 0 for seconds, 9 for nanoseconds.</param>
    static long SinceEpoch(DateTimeOffset time, int exponent)
    {
        var ticks = time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        return exponent <= TickDigits
            ? ticks / JsonLine.PowerOfTen(TickDigits - exponent)
            : ticks * JsonLine.PowerOfTen(exponent - TickDigits);
    }

    static FieldWriter ForChoice(ColumnGenerator.Choice choice, ColumnType type)
    {
        var picker = new WeightedPicker([.. choice.Values.Select(value => (double)value.Weight)]);
        var values = choice.Values.Select(value => Json(value.Value, type)).ToArray();
        return (line, context) => line.Raw(values[picker.Pick(context.Random)]);
    }

    static FieldWriter ForRange(ColumnGenerator.Range range, ColumnType type)
    {
        var scale = range.ScaleFor(type);
        var minimum = (long)(range.Minimum * JsonLine.PowerOfTen(scale));
        var count = (ulong)((long)(range.Maximum * JsonLine.PowerOfTen(scale)) - minimum) + 1;
        return (line, context) => line.Fixed(minimum + (long)context.Random.Below(count), scale);
    }

    static byte[] Json(string text, ColumnType type) => type switch
    {
        CompositeType or JsonType => Encoding.UTF8.GetBytes(text),
        BoolType => JsonSerializer.SerializeToUtf8Bytes(bool.Parse(text)),
        { IsNumber: true } => Encoding.ASCII.GetBytes(Literal.Json(text)),
        _ => JsonSerializer.SerializeToUtf8Bytes(text),
    };
}
