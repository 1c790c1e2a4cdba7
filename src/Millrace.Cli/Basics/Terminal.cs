using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Win32.SafeHandles;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Millrace.Cli.Basics;

/// <summary>How commands write: answers to stdout, everything else to stderr.</summary>
static class Terminal
{
    /// <summary>Somebody looks at stdout.</summary>
    public static bool IsInteractive => !Console.IsOutputRedirected;

    /// <summary>Columns of the terminal; null where nobody looks.</summary>
    public static int? Width => IsInteractive ? Console.WindowWidth : null;

    /// <summary>Columns of a line that nobody looks at: wide enough that nothing is ever wrapped.</summary>
    const int UnlimitedWidth = 1000;

    public static void Write(IRenderable answer)
    {
        if (!IsInteractive) AnsiConsole.Profile.Width = UnlimitedWidth;
        AnsiConsole.Write(answer);
    }

    /// <summary>Asks on the terminal for a yes.</summary>
    /// <param name="refusal">Said where there is nobody to ask.</param>
    /// <exception cref="CliException">There is nobody to ask.</exception>
    public static bool Confirms(string question, string refusal)
    {
        if (Console.IsInputRedirected || !IsInteractive) throw new CliException(ExitCodes.Usage, refusal);
        Console.Error.Write($"{question} [y/N] ");
        return Console.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }

    /// <summary>How long a word to the user may take to be read before the process goes on, and ends, without.</summary>
    static readonly TimeSpan NoteLimit = TimeSpan.FromSeconds(3);

    static readonly Lazy<LineQueue> Stderr = new(() => new LineQueue("stderr", Lines(Open(2, Console.OpenStandardError))));

    /// <summary>stdout that fails once nobody reads it any more: .NET's own takes no notice, and <c>millrace logs -f | head</c> would never end.</summary>
    public static Stream OpenStdout() => Open(1, Console.OpenStandardOutput);

    /// <summary>Writes whole lines to a stream, each at once.</summary>
    public static Action<string> Lines(Stream stream)
    {
        var writer = new StreamWriter(stream) { AutoFlush = true };
        return writer.WriteLine;
    }

    /// <summary>A snapshot: one JSON document, in one line.</summary>
    public static void WriteJson<T>(T document, JsonTypeInfo<T> type) => Console.Out.WriteLine(JsonSerializer.Serialize(document, type));

    /// <summary>
    /// A word to the user that is no part of the answer; nobody hears it when the terminal is gone, and nobody waits for who does not
    /// listen.
    /// </summary>
    public static void Note(string sentence)
    {
        Diagnostic(sentence);
        DrainDiagnostics();
    }

    /// <summary>Lines for a log: they are on their way to stderr when this returns.</summary>
    public static void Diagnostic(string lines) => Stderr.Value.Add(lines);

    /// <summary>Waits for what is on its way to stderr, for a while.</summary>
    public static void DrainDiagnostics()
    {
        if (Stderr.IsValueCreated) Stderr.Value.DrainWithin(NoteLimit);
    }

    /// <summary>A stream of its own for each descriptor: of .NET's own, a stderr that is free waits for a stdout that is stuck.</summary>
    static Stream Open(int descriptor, Func<Stream> ofConsole)
    {
        try
        {
            var stream = new FileStream(new SafeFileHandle(descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            // Into a file, .NET would write at an offset of its own, over what others write there.
            return stream.CanSeek ? ofConsole() : stream;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Whoever started this process closed it.
            return Stream.Null;
        }
    }

    /// <summary>A table in the one style of all commands.</summary>
    public static AnswerTable Table(params string[] columns) => new(columns);
}
