namespace Millrace.ClickHouse.Http;

/// <summary>Content-Type for an output format: getContentType of the classes in ClickHouse's src/Processors/Formats/Impl.</summary>
static class ContentTypes
{
    const string Text = "text/plain; charset=UTF-8";

    public static string Of(string format) => format switch
    {
        _ when Is(format, "TabSeparated") || Is(format, "TSV") => "text/tab-separated-values; charset=UTF-8",
        _ when Is(format, "CSVWithNames") => "text/csv; charset=UTF-8; header=present",
        _ when Is(format, "CSV") => "text/csv; charset=UTF-8; header=absent",
        _ when IsRowWise(format) => "application/x-ndjson; charset=UTF-8",
        _ when Is(format, "JSON") => "application/json; charset=UTF-8",
        "XML" => "application/xml; charset=UTF-8",
        _ when IsBinary(format) => "application/octet-stream",
        _ => Text,
    };

    static bool IsRowWise(string format) => Is(format, "JSON") && format.Contains("EachRow", StringComparison.OrdinalIgnoreCase);

    static bool IsBinary(string format) =>
        Is(format, "RowBinary") || Is(format, "Native") || Is(format, "Parquet") || Is(format, "Arrow") || Is(format, "ORC")
        || Is(format, "Avro") || Is(format, "Protobuf") || Is(format, "MsgPack") || Is(format, "BSON")
        || Is(format, "Npy") || Is(format, "CapnProto");

    static bool Is(string format, string family) => format.StartsWith(family, StringComparison.OrdinalIgnoreCase);
}
