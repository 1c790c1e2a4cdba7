using System.Diagnostics;
using Xunit;

namespace Millrace.Testing;

/// <summary>A fact that needs a disk of its own, of 64 KiB: skipped where the kernel lets this user mount none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MountFactAttribute : FactAttribute
{
    public MountFactAttribute()
    {
        if (!CanMount()) Skip = "This user may mount nothing: unshare --user --map-root-user --mount.";
    }

    /// <summary>Runs what follows it with the small disk mounted on <paramref name="directory"/>, for that process alone.</summary>
    public static string[] Launcher(string directory) =>
    [
        "unshare", "--user", "--map-root-user", "--mount",
        "sh", "-c", "mount -t tmpfs -o size=64k tmpfs \"$0\" && exec \"$@\"", directory,
    ];

    static bool CanMount()
    {
        using var directory = new TemporaryDirectory();
        string[] command = [.. Launcher(directory.Path), "true"];
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // No unshare: not Linux.
            return false;
        }
    }
}
