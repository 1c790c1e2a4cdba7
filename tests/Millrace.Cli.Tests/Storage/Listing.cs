using System.Diagnostics;

namespace Millrace.Cli.Tests.Storage;

/// <summary>All there is below a folder, with what would tell that somebody touched it.</summary>
static class Listing
{
    /// <summary>Names, kinds, owners, rights, sizes and the times of both content and inode, the folder itself included.</summary>
    public static string Of(string folder) => Run("find", folder, "-printf", "%p %y %u %m %s %T@ %C@ %l\\n");

    public static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
