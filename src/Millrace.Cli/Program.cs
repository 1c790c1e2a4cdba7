using System.CommandLine;
using Millrace.Cli;
using Millrace.Cli.Basics;
using Millrace.Cli.Commands;
using Millrace.Cli.Storage;

// Whatever this process makes, and those it starts, is its user's alone: records, rows and passwords in logs are nobody else's business.
Libc.KeepNewFilesPrivate();

// With TERM, .NET writes a control sequence to /dev/tty even where stdout is a file, and `stty tostop` lets the kernel stop a background process for that.
if (Console.IsOutputRedirected) Environment.SetEnvironmentVariable("TERM", null);

// Signals are each command's own business (ProcessTerminationTimeout), and so are failures: this is the one place that turns them into words.
var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
try
{
    var parsed = MillraceCommand.Parse(args.Length == 0 ? ["--help"] : args);
    if (parsed.Errors.Count == 0) return await parsed.InvokeAsync(configuration);
    Terminal.Note(UsageError.Sentence(parsed));
    return ExitCodes.Usage;
}
catch (Exception e)
{
    var (exitCode, sentence) = Failure.Describe(e);
    if (sentence.Length > 0) Terminal.Note(sentence);
    return exitCode;
}
