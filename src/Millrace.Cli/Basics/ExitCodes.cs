namespace Millrace.Cli.Basics;

/// <summary>Every exit code of <c>millrace</c>. Keep docs/CLI-OUTPUT.md in step.</summary>
static class ExitCodes
{
    public const int Success = 0;

    /// <summary>
    /// The command did its work and the answer is bad news: the audit or explain found something missing, twice, or of another topic,
    /// ClickHouse refused a query, a restart was refused, no emitter runs that a rate is for, a stream can't be paused, resumed or replayed
    /// as it is, down -v met what no stand made or what is in use, another stand is coming up, the data directory was deleted under the
    /// stand, a file failed.
    /// </summary>
    public const int Failed = 1;

    /// <summary>
    /// The command line, an environment variable, a profile or a file of streams/ is wrong; ClickHouse would be open to the network without
    /// a password. 2 as in the shell.
    /// </summary>
    public const int Usage = 2;

    /// <summary><c>plan</c> found something to do: the number that <c>terraform plan -detailed-exitcode</c> has for it.</summary>
    public const int SomethingToDo = 2;

    /// <summary>The stand, or a server that the command needs, is not up, or the server does not let the user in.</summary>
    public const int NotRunning = 3;

    /// <summary>
    /// A part of the stand could not be started: a busy port, a folder without write rights, a full disk, a data directory that holds what
    /// no stand made, is another user's or open to others, a missing library, a refused set-up, a server that is too old; or the stand runs
    /// with other settings.
    /// </summary>
    public const int CannotStart = 4;

    /// <summary>A defect of millrace itself.</summary>
    public const int Defect = 70;

    /// <summary>Ended by Ctrl-C, or told to stop before the work was done: 128 + SIGINT, as shells report it.</summary>
    public const int Cancelled = 130;

    /// <summary>Whether a process of ours that ended so said why, in one sentence, at the end of its stderr.</summary>
    public static bool HasSentence(int code) => code is >= Failed and <= CannotStart;

    /// <summary>The exit code of a command that needs another process of ours, which ended with <paramref name="code"/> before it was ready.</summary>
    public static int OfPart(int code) => HasSentence(code) ? code : CannotStart;
}
