using System.Collections;
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace Millrace.ClickHouse.Confining;

/// <summary>What .NET has no call for: execve(2), and the id of the parent.</summary>
static partial class ProcessStart
{
    [LibraryImport("libc", EntryPoint = "getppid")]
    public static partial int ParentId();

    /// <summary>
    /// Runs this program again in the place of this process, with its arguments and its environment, on which the variables are laid.
    /// </summary>
    public static void Replace(IReadOnlyDictionary<string, string> variables)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(pair => (string)pair.Key, pair => (string?)pair.Value);
        foreach (var (name, value) in variables) environment[name] = value;
        var arguments = Encoding.UTF8.GetString(File.ReadAllBytes("/proc/self/cmdline")).TrimEnd('\0').Split('\0');
        _ = Execute(Environment.ProcessPath!, [.. arguments, null], [.. environment.Select(pair => $"{pair.Key}={pair.Value}"), null]);
        throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    [LibraryImport("libc", EntryPoint = "execve", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string path, string?[] arguments, string?[] environment);
}
