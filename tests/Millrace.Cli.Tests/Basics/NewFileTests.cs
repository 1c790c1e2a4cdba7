using Millrace.Cli.Basics;
using Millrace.Testing;

namespace Millrace.Cli.Tests.Basics;

public sealed class NewFileTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    string FilePath => _directory.Sub("letters.jsonl");

    [Fact]
    public async Task A_file_is_there_when_all_of_it_is()
    {
        Assert.Equal(3, await NewFile.WriteAsync(FilePath, async output =>
        {
            await output.WriteAsync("abc"u8.ToArray());
            await output.FlushAsync();
            Assert.False(File.Exists(FilePath));
            return 3;
        }));
        Assert.Equal("abc", await File.ReadAllTextAsync(FilePath));
        Assert.Equal([FilePath], Directory.GetFiles(_directory.Path));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_that_was_broken_off_leaves_nothing(bool isCancelled)
    {
        await Assert.ThrowsAnyAsync<Exception>(() => NewFile.WriteAsync<int>(FilePath, async output =>
        {
            await output.WriteAsync("abc"u8.ToArray());
            throw isCancelled ? new OperationCanceledException() : new InvalidOperationException();
        }));
        Assert.Empty(Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public async Task What_is_there_already_stays_and_what_came_meanwhile_too()
    {
        await Assert.ThrowsAsync<CliException>(() => NewFile.WriteAsync(FilePath, async _ =>
        {
            await File.WriteAllTextAsync(FilePath, "another's");
            return 0;
        }));
        var refused = await Assert.ThrowsAsync<CliException>(() => NewFile.WriteAsync(FilePath, _ => Task.FromResult(0)));
        Assert.Contains("name another one", refused.Message, StringComparison.Ordinal);
        Assert.Equal("another's", await File.ReadAllTextAsync(FilePath));
    }

    public void Dispose() => _directory.Dispose();
}
