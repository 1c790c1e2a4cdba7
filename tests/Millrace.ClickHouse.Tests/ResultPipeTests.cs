using System.IO.Pipelines;
using Millrace.ClickHouse.Embedding;

namespace Millrace.ClickHouse.Tests;

public sealed class ResultPipeTests
{
    [Fact]
    public async Task A_pipe_that_can_not_be_read_ends_the_reader_with_the_error()
    {
        var pipe = new Pipe();

        ResultPipe.Carry(new BrokenStream(), pipe.Writer);

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var error = await Assert.ThrowsAsync<IOException>(async () => await pipe.Reader.ReadAsync(patience.Token));
        Assert.Equal("broken", error.Message);
    }

    sealed class BrokenStream : MemoryStream
    {
        public override int Read(Span<byte> buffer) => throw new IOException("broken");
    }
}
