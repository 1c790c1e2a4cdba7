using System.Globalization;
using System.Xml;
using Millrace.Streams.Explain;
using Millrace.Streams.Samples;

namespace Millrace.Cli.Output;

/// <summary>
/// A check in the XML that CI systems read of test runs: a suite for each stream, a case for each record. There is no standard but what
/// Jenkins takes (https://github.com/jenkinsci/xunit-plugin, junit-10.xsd) and others read in their own ways.
/// </summary>
static class JUnitReport
{
    public static void Write(CheckReport report, TextWriter output)
    {
        // The text is written into lines of a console, whose encoding is UTF-8 everywhere that millrace runs.
        output.WriteLine("""<?xml version="1.0" encoding="UTF-8"?>""");
        using (var xml = XmlWriter.Create(output, new XmlWriterSettings { Indent = true, OmitXmlDeclaration = true, NewLineChars = "\n" }))
        {
            xml.WriteStartElement("testsuites");
            xml.WriteAttributeString("name", "millrace check");
            Counts(xml, report.Streams.Sum(stream => stream.Records), report.Streams.Sum(stream => stream.Failed));
            xml.WriteAttributeString("time", report.Seconds.ToString("0.000", CultureInfo.InvariantCulture));
            foreach (var stream in report.Streams) Suite(xml, stream, [.. report.Records.Where(record => record.Stream == stream.Stream)]);
            xml.WriteEndElement();
        }
        output.WriteLine();
    }

    static void Suite(XmlWriter xml, StreamCheck stream, List<SampleVerdict> records)
    {
        xml.WriteStartElement("testsuite");
        xml.WriteAttributeString("name", stream.Stream);
        xml.WriteAttributeString("file", Text(stream.File));
        Counts(xml, stream.Records, stream.Failed);
        foreach (var record in records) Case(xml, record);
        xml.WriteEndElement();
    }

    static void Case(XmlWriter xml, SampleVerdict record)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("name", Text(NameOf(record)));
        xml.WriteAttributeString("classname", record.Stream);
        xml.WriteAttributeString("file", Text(record.File));
        xml.WriteAttributeString("line", record.Line.ToString(CultureInfo.InvariantCulture));
        if (record.Fault is { } fault)
        {
            xml.WriteStartElement("failure");
            xml.WriteAttributeString("message", Text(fault));
            xml.WriteAttributeString("type", record.Outcome);
            xml.WriteString(Text($"{CheckTable.Place(record)}: {fault}; expected {record.Expected}"));
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    }

    /// <summary>Two cases of one name are one to some readers.</summary>
    static string NameOf(SampleVerdict record)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(record.File)}:{record.Line}");
        return record.Name is { } name ? $"{name} ({line})" : line;
    }

    static void Counts(XmlWriter xml, long tests, long failures)
    {
        xml.WriteAttributeString("tests", tests.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("failures", failures.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("errors", "0");
    }

    /// <summary>XML has no form for most control characters, half of a surrogate pair, U+FFFE and U+FFFF.</summary>
    static string Text(string text) =>
        string.Concat(RecordText.Escape(text).EnumerateRunes().Where(rune => rune.Value is not (0xFFFE or 0xFFFF)));
}
