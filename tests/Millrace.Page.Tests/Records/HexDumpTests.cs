using Millrace.Page.Records;

namespace Millrace.Page.Tests.Records;

public class HexDumpTests
{
    [Fact]
    public void Bytes_are_shown_sixteen_a_line_beside_what_of_them_can_be_read() =>
        Assert.Equal(
            "00000000  7b 22 61 22 3a 20 ff 00  0a 41 42 43 44 45 46 47  |{\"a\": ...ABCDEFG|\n"
                + "00000010  7d                                                |}|\n",
            HexDump.Of([.. "{\"a\": "u8, 0xFF, 0x00, 0x0A, .. "ABCDEFG}"u8]));

    [Fact]
    public void Nothing_has_no_line() => Assert.Equal("", HexDump.Of([]));
}
