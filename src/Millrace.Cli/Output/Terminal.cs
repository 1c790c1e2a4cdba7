using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Win32.SafeHandles;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Millrace.Cli.Output;

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

    /// <summary>stdout that fails once nobody reads it any more: .NET's own takes no notice, and <c>millrace logs -f | head</c> would never end.</summary>
    public static Stream OpenStdout()
    {
        var stdout = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        // Into a file, .NET would write at an offset of its own, over what others write there.
        return stdout.CanSeek ? Console.OpenStandardOutput() : stdout;
    }

    /// <summary>A snapshot: one JSON document, in one line.</summary>
    public static void WriteJson<T>(T document, JsonTypeInfo<T> type) => Console.Out.WriteLine(JsonSerializer.Serialize(document, type));

    /// <summary>A word to the user that is no part of the answer; nobody hears it when the terminal is gone.</summary>
    public static void Note(string sentence)
    {
        try { Console.Error.WriteLine(sentence); }
        catch (IOException) { /* The terminal is closed. */ }
    }

    /// <summary>A table in the one style of all commands.</summary>
    public static Table Table(params ReadOnlySpan<string> columns)
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = true };
        foreach (var column in columns) table.AddColumn(new TableColumn(new Text(column.TrimEnd('>'), new Style(decoration: Decoration.Bold))) { NoWrap = true, Padding = new Padding(0, 0, 1, 0), Alignment = column.EndsWith('>') ? Justify.Right : Justify.Left });
        return table;
    }
}
