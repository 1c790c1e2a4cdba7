using System.Globalization;
using System.Text;

namespace Millrace.Streams.Types;

/// <summary><c>FixedString(N)</c>: N bytes, 1 to 65,536; ClickHouse fills a shorter text up with zeros.</summary>
sealed record FixedStringType : ColumnType
{
    const int MaxLength = 65_536;

    readonly int _length;

    FixedStringType(int length) => _length = length;

    public override string Name => "FixedString";

    public override string BareSql => string.Create(CultureInfo.InvariantCulture, $"FixedString({_length})");

    public override bool Takes(string text) => Encoding.UTF8.GetByteCount(text) <= _length;

    public static FixedStringType? Read(TypeText type) =>
        type is { Word: "FixedString", Arguments: [{ Number: >= 1 and <= MaxLength and var length }] } ? new FixedStringType(length) : null;

    internal override IEnumerable<string> EndTexts => ["1", new string('z', Math.Min(_length, 64))];

    internal override string Value(string field) =>
        CastIf(string.Create(CultureInfo.InvariantCulture, $"length({field}) <= {_length}"), field);

    internal override string ChangedForm(string before) => before + @"[\[{]";

    internal override string IsChanged(string text, string jsonType) => IsNested(text, jsonType);

    internal override string Wanted(string text) => Value(text);
}
