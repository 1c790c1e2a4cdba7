using Millrace.Cli.Basics;
using Millrace.Cli.Commands;
using Millrace.Streams.Definition;
using Millrace.Testing;

namespace Millrace.Cli.Tests.Commands;

public sealed class StreamsCommandTests : IDisposable
{
    readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task New_writes_a_definition_into_the_folder_that_the_user_names()
    {
        Assert.Equal(ExitCodes.Success, await RunAsync("streams new readings"));
        Assert.Equal(ExitCodes.Success, await RunAsync("streams new others --topic sensors.others -o json"));
        Assert.Equal(["sensors.others", "readings"], StreamCatalog.Load(_folder.Sub("streams")).Streams.Select(stream => stream.Topic));
    }

    [Fact]
    public async Task New_without_a_name_says_how_it_is_written()
    {
        var refused = await Assert.ThrowsAsync<CliException>(() => RunAsync("streams new"));
        Assert.Equal(ExitCodes.Usage, refused.ExitCode);
        Assert.Equal("new takes the name of the stream:  millrace streams new NAME", refused.Message);
    }

    [Fact]
    public async Task New_overwrites_nothing()
    {
        await RunAsync("streams new readings");
        var refused = await Assert.ThrowsAsync<StreamDefinitionException>(() => RunAsync("streams new readings --topic other"));
        Assert.Equal(ExitCodes.Usage, Failure.Describe(refused).ExitCode);
        Assert.Equal(["readings"], StreamCatalog.Load(_folder.Sub("streams")).Streams.Select(stream => stream.Topic));
    }

    [Fact]
    public async Task Infer_wants_a_file_that_is_there_and_records_in_it()
    {
        var command = MillraceCommand.Parse(["streams", "infer"]);
        var unnamed = await Assert.ThrowsAsync<CliException>(() => InvokeAsync(command));
        Assert.Equal((ExitCodes.Usage, "infer takes a topic, or a file of records:  millrace streams infer TOPIC|FILE"), (unnamed.ExitCode, unnamed.Message));
        var absent = await Assert.ThrowsAsync<CliException>(() => InvokeAsync(MillraceCommand.Parse(["streams", "infer", "/nowhere"])));
        Assert.Equal((ExitCodes.Failed, "there is no file /nowhere"), (absent.ExitCode, absent.Message));
        var nobody = await Assert.ThrowsAsync<CliException>(() => RunAsync("streams infer nowhere"));
        Assert.StartsWith("there is no file nowhere, and of a topic nobody knows: ", nobody.Message, StringComparison.Ordinal);
        var file = _folder.Sub("some.jsonl");
        File.WriteAllText(file, "no record");
        await Assert.ThrowsAsync<StreamDefinitionException>(() => InvokeAsync(MillraceCommand.Parse(["streams", "infer", file])));
        File.WriteAllText(file, """{"id":1}""");
        Assert.Equal(ExitCodes.Success, await InvokeAsync(MillraceCommand.Parse(["streams", "infer", file])));
    }

    static Task<int> InvokeAsync(System.CommandLine.ParseResult command) =>
        command.InvokeAsync(new() { EnableDefaultExceptionHandler = false });

    Task<int> RunAsync(string command) =>
        InvokeAsync(MillraceCommand.Parse([.. command.Split(' '), "--data", _folder.Sub("data"), "--streams", _folder.Sub("streams")]));
}
