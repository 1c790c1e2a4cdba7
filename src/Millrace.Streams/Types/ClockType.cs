using System.Globalization;
using System.Text.RegularExpressions;

namespace Millrace.Streams.Types;

/// <summary>
/// <c>Time</c>, in seconds, and <c>Time64(P)</c>, with P digits after the point: hours, minutes and seconds up to 999 hours.
/// </summary>
sealed record ClockType : ColumnType
{
    const string Seconds = "Time";

    const string Form = "^-?[0-9]{1,3}:[0-5][0-9]:[0-5][0-9](?:[.][0-9]+)?$";

    ClockType(string name, int scale) => (Name, Scale) = (name, scale);

    public override string Name { get; }

    public override int Scale { get; }

    public override string BareSql => Name == Seconds ? Name : string.Create(CultureInfo.InvariantCulture, $"{Name}({Scale})");

    public override bool Takes(string text) => text.Length > 0 && text[^1] != '\n' && Regex.IsMatch(text, Form);

    internal override IEnumerable<string> EndTexts => ["-999:59:59", "999:59:59"];

    public static ClockType? Read(TypeText type) => type switch
    {
        { Word: Seconds, Arguments: [] } => new ClockType(type.Word, 0),
        { Word: "Time64", Arguments: [{ Number: >= 0 and <= 9 and var scale }] } => new ClockType(type.Word, scale),
        _ => null,
    };

    /// <summary>
    /// ClickHouse itself takes 12:34 for minutes and seconds, and 12:60:00 for 13 hours. Digits beyond the type's are dropped.
    /// </summary>
    internal override string Value(string field)
    {
        var kept = Scale == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"(?:[.][0-9]{{1,{Scale}}})?");
        return Cast($"if(match({field}, '{Form}'), extract({field}, '^-?[0-9]+:[0-9]+:[0-9]+{kept}'), NULL)");
    }

    internal override string Wanted(string text) => Value(text);
}
