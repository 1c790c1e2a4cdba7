using System.Text;
using Millrace.Streams.Definition;
using Millrace.Streams.Samples;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Samples;

/// <summary>What people write into samples, and what each slip is told.</summary>
public sealed class SampleFilesTests : IDisposable
{
    readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_sample_has_all_that_a_record_has()
    {
        var sample = Assert.Single(Read("""
            - name: the first
              key: k1
              value: { id: 7, place: [1.50, -0, 1e3, 007, "1", true, null, ~], text: it is }
              headers: { source: web, none: null }
              timestamp: 2026-01-02T03:04:05.678Z
              partition: 1
              offset: 41
              expect: { row: { score: 5, id: "7" } }
            """));
        Assert.Equal("""{"id":7,"place":[1.50,-0,1e3,"007","1",true,null,null],"text":"it is"}""", Text(sample.Value));
        Assert.Equal(("the first", "k1", 1, 41L), (sample.Name, Text(sample.Key), sample.Partition, sample.Offset));
        Assert.Equal([("source", "web"), ("none", null)], sample.Headers.Select(header => (header.Name, Text(header.Value))));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1767323045678), sample.Time);
        Assert.Equal([("id", "7"), ("score", "5")], sample.Expected.Columns);
    }

    [Fact]
    public void Bytes_that_are_no_text_stand_in_base64_and_a_header_may_come_twice()
    {
        var sample = Assert.Single(Read("""
            - value_base64: /wA=
              key_base64: /g==
              timestamp: 1767323045678
              headers: [{ name: a, value: x }, { name: a, value_base64: /w== }, { name: b }]
            """));
        Assert.Equal([0xFF, 0x00], sample.Value!);
        Assert.Equal([0xFE], sample.Key!);
        Assert.Equal(["a 78", "a FF", "b "], sample.Headers.Select(header => $"{header.Name} {Convert.ToHexString(header.Value ?? [])}"));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1767323045678), sample.Time);
    }

    [Theory]
    [InlineData("value: 5", SampleFate.Row)]
    [InlineData("value: ''", SampleFate.Row)]
    [InlineData("value: null", SampleFate.Nothing)]
    [InlineData("{ value: 5, expect: row }", SampleFate.Row)]
    [InlineData("{ value: 5, expect: dead_letter }", SampleFate.DeadLetter)]
    [InlineData("{ value: 5, expect: { dead_letter: { reason: x, column: id } } }", SampleFate.DeadLetter)]
    [InlineData("{ value: 5, expect: nothing }", SampleFate.Nothing)]
    public void A_record_with_a_value_should_be_a_row_and_one_without_leave_nothing_unless_it_says_so(string sample, SampleFate fate) =>
        Assert.Equal(fate, Assert.Single(Read($"- {sample}")).Expected.Fate);

    [Fact]
    public void Records_of_a_partition_get_the_next_offset_and_of_several_files_as_well()
    {
        var files = new SampleFiles(Catalog);
        File.WriteAllText(_folder.Sub("a.yaml"), "- value: 1\n- { value: 2, offset: 5 }\n- value: 3\n- { value: 4, partition: 1 }\n");
        File.WriteAllText(_folder.Sub("b.ndjson"), "5\n");
        var samples = files.Read(_folder.Sub("a.yaml"), Stream.Null).Concat(files.Read(_folder.Sub("b.ndjson"), Stream.Null));
        Assert.Equal([(0, 0), (0, 5), (0, 6), (1, 0), (0, 7)], samples.Select(sample => (sample.Partition, (int)sample.Offset)));
    }

    [Fact]
    public void Each_line_of_another_file_is_a_record_byte_by_byte()
    {
        byte[] bytes = [0xEF, 0xBB, 0xBF, .. "{\"id\":1}\r\n\n  \nno json "u8, 0xFF, 0x00, .. "\n{\"id\":2}"u8];
        File.WriteAllBytes(_folder.Sub("records"), bytes);
        var samples = new SampleFiles(Catalog).Read(_folder.Sub("records"), Stream.Null);
        Assert.Equal([(1, 0), (4, 1), (5, 2)], samples.Select(sample => ((int)sample.Line, (int)sample.Offset)));
        Assert.Equal("""{"id":1}""", Text(samples[0].Value));
        Assert.Equal([.. "no json "u8, 0xFF, 0x00], samples[1].Value!);
        Assert.All(samples, sample => Assert.True(sample.Expected == SampleExpectation.Row));
    }

    [Fact]
    public void Records_come_from_stdin_too()
    {
        using var input = new MemoryStream("""{"id":1}"""u8.ToArray());
        var sample = Assert.Single(new SampleFiles(Catalog).Read("-", input));
        Assert.Equal(("stdin", 1), (sample.File, sample.Line));
    }

    [Theory]
    [InlineData("- valeu: 1", "line 1, column 3: valeu: is not a field of a sample (did you mean 'value'?); the fields are name, stream,")]
    [InlineData("- name: x", "line 1, column 3: value: is missing; add it, or value: null for a record without one")]
    [InlineData("- { value: 1, value_base64: MQ== }", "line 1, column 29: value_base64: stands beside value; remove one of the two")]
    [InlineData("- value_base64: '%'", "line 1, column 17: value_base64: is not base64; write what  base64  prints")]
    [InlineData("- { value: 1, key: [1] }", "line 1, column 20: key: is not a single value")]
    [InlineData("- { value: 1, headers: x }", "line 1, column 24: headers: is not a list of at least one item")]
    [InlineData("- { value: 1, headers: [{ nam: x }] }", "column 27: nam: is not a field of a header (did you mean 'name'?)")]
    [InlineData("- { value: 1, timestamp: noon }",
        "line 1, column 26: timestamp: 'noon' is no time since 1970; write 2026-01-02T03:04:05Z or milliseconds")]
    [InlineData("- { value: 1, timestamp: 1969-12-31 }", "timestamp: '1969-12-31' is no time since 1970")]
    [InlineData("- { value: 1, partition: 2 }", "line 1, column 26: partition: '2' is not a whole number from 0 to 1")]
    [InlineData("- { value: 1, offset: 1000000 }", "line 1, column 23: offset: '1000000' is not a whole number from 0 to 999999")]
    [InlineData("- value: 1\n- { value: 1, offset: 0 }",
        "line 2, column 23: offset: is taken by a sample before this one; records of a partition are sent in the order of the file,")]
    [InlineData("- { value: 1, stream: smal }", "stream: 'smal' is of no stream that is checked (did you mean 'small'?); name one of small")]
    [InlineData("- { value: 1, topic: smalls }", "topic: 'smalls' is of no stream that is checked; name one of small_topic")]
    [InlineData("- { value: 1, stream: small, topic: small_topic }", "topic: stands beside stream; remove one of the two")]
    [InlineData("- { value: 1, expect: deadletter }",
        "line 1, column 23: expect: 'deadletter' is none of the outcomes (did you mean 'dead_letter'?); write row, dead_letter or nothing,")]
    [InlineData("- { value: 1, expect: { rwo: {} } }", "column 25: rwo: is not a field of expect (did you mean 'row'?)")]
    [InlineData("- { value: 1, expect: { row: {}, dead_letter: {} } }", "expect: is not one of the two; write row, dead_letter or nothing")]
    [InlineData("- { value: 1, expect: { row: { scor: 1 } } }", "column 32: scor: is not a field of a row of small (did you mean 'score'?)")]
    [InlineData("- { value: 1, expect: { row: { score: [1] } } }", "score: is not a single value; write ClickHouse's text of it in quotes")]
    [InlineData("- { value: 1, expect: { dead_letter: { colum: id } } }", "colum: is not a field of dead_letter (did you mean 'column'?)")]
    [InlineData("- { value: 1, expect: { dead_letter: { column: scor } } }",
        "column: 'scor' is not a column of small that is read from records (did you mean 'score'?); name one of id, score")]
    [InlineData("- { value: 1, expect: { dead_letter: { column: twice } } }", "column: 'twice' is not a column of small that is read")]
    [InlineData("value: 1", "line 1, column 1: samples: are not a list; write '- value: ...' for each record")]
    [InlineData("- value: 1\n---\n- value: 2", "line 3, column 1: samples: are not a list")]
    [InlineData("- { value: 1\n", "line 2, column 1: YAML: ")]
    [InlineData("", "samples.yaml holds no record; add one, or leave it out")]
    [InlineData("# nothing yet\n", "samples.yaml holds no record")]
    [InlineData("[]", "samples.yaml holds no record")]
    public void Each_slip_is_told_with_its_place(string yaml, string sentence)
    {
        var refused = Assert.Throws<StreamDefinitionException>(() => Read(yaml)).Message;
        Assert.StartsWith(_folder.Sub("samples.yaml"), refused, StringComparison.Ordinal);
        Assert.Contains(sentence, refused, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_that_no_topic_takes_is_told_with_its_line()
    {
        const string sentence = "the record has more than 1,048,000 bytes, which no topic takes unless its message.max.bytes is raised; shorten it";
        var longest = new string('x', SampleRecord.MostBytes);
        Assert.Equal(2, Lines($"1\n{longest}\n").Count);
        var line = Assert.Throws<StreamDefinitionException>(() => Lines($"1\n{longest}x\n"));
        Assert.Equal($"{_folder.Sub("records")}, line 2: {sentence}", line.Message);
        var yaml = Assert.Throws<StreamDefinitionException>(() => Read($"- value: 1\n- value: 1\n  key: {longest}"));
        Assert.Equal($"{_folder.Sub("samples.yaml")}, line 2: {sentence}", yaml.Message);
    }

    [Fact]
    public void Records_of_several_definitions_have_to_say_whose_they_are()
    {
        var both = TestStream.Catalog(Small, TestStream.Small("other_topic", "other"));
        File.WriteAllText(_folder.Sub("records"), "1\n");
        File.WriteAllText(_folder.Sub("samples.yaml"), "- value: 1\n");
        var lines = Assert.Throws<StreamDefinitionException>(() => new SampleFiles(both).Read(_folder.Sub("records"), Stream.Null));
        Assert.Equal(
            $"{_folder.Sub("records")} does not say which stream its records are of: check one definition with it, "
            + "or write YAML, in which each sample names its stream",
            lines.Message);
        var yaml = Assert.Throws<StreamDefinitionException>(() => new SampleFiles(both).Read(_folder.Sub("samples.yaml"), Stream.Null));
        Assert.EndsWith("stream: is missing where several definitions are checked; name one of small, other", yaml.Message, StringComparison.Ordinal);
        File.WriteAllText(_folder.Sub("samples.yaml"), "- { value: 1, stream: other }\n- { value: 2, topic: small_topic }\n");
        Assert.Equal(
            ["other", "small"], new SampleFiles(both).Read(_folder.Sub("samples.yaml"), Stream.Null).Select(sample => sample.Stream.Name));
    }

    [Fact]
    public void A_file_that_is_not_there_or_holds_nothing_is_named()
    {
        var absent = Assert.Throws<StreamDefinitionException>(() => new SampleFiles(Catalog).Read(_folder.Sub("nowhere"), Stream.Null));
        Assert.Equal($"there is no file {_folder.Sub("nowhere")}", absent.Message);
        Assert.Equal(
            $"{_folder.Sub("records")} holds no record; add one, or leave it out",
            Assert.Throws<StreamDefinitionException>(() => Lines("\n \n")).Message);
        Assert.Equal(
            "stdin holds no record; add one, or leave it out",
            Assert.Throws<StreamDefinitionException>(() => new SampleFiles(Catalog).Read("-", Stream.Null)).Message);
    }

    static string Small => TestStream.Small("small_topic", moreColumns: "  - { name: twice, type: UInt64, expr: id + id }");

    static StreamCatalog Catalog => TestStream.Catalog(Small);

    static string? Text(byte[]? bytes) => bytes is null ? null : Encoding.UTF8.GetString(bytes);

    IReadOnlyList<SampleRecord> Read(string yaml)
    {
        File.WriteAllText(_folder.Sub("samples.yaml"), yaml);
        return new SampleFiles(Catalog).Read(_folder.Sub("samples.yaml"), Stream.Null);
    }

    IReadOnlyList<SampleRecord> Lines(string text)
    {
        File.WriteAllText(_folder.Sub("records"), text);
        return new SampleFiles(Catalog).Read(_folder.Sub("records"), Stream.Null);
    }
}
