using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using Millrace.Cli.Basics;
using Millrace.Cli.CommandLine;

namespace Millrace.Cli.Commands;

/// <summary><c>millrace open</c>: shows the page of the stand in the user's browser; where there is none, it says the link.</summary>
static class OpenCommand
{
    /// <summary>Whoever opens links: Linux desktops, Windows' Linux, macOS.</summary>
    static readonly string[] Openers = ["xdg-open", "wslview", "open"];

    static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    public static Command Create(GlobalOptions options)
    {
        var command = new Command("open", "Open the page of the stand in a browser.");
        command.SetAction(parsed =>
        {
            var stand = Invocation.From(parsed, options).RequireStand();
            if (stand.PageLink is not { } links)
                throw new CliException(
                    ExitCodes.NotRunning,
                    $"The stand has no page that runs: see  {Self.Command} ps; a stand that was started with --no-page has none.");
            Console.WriteLine(links);
            if (!Openers.Any(opener => Opens(opener, links.Split(',')[0])))
                Terminal.Note("No browser was found on this machine: open the link in yours.");
            return ExitCodes.Success;
        });
        return options.Only(command, options.Data);
    }

    /// <returns>false where there is no such program, or it finds no browser.</returns>
    static bool Opens(string opener, string link)
    {
        try
        {
            // The shell only redirects: what a browser says is none of our output. One that stays in the foreground has opened.
            using var process = Process.Start("/bin/sh", ["-c", "exec \"$0\" \"$1\" >/dev/null 2>&1 </dev/null", opener, link]);
            return !process.WaitForExit(Limit) || process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
