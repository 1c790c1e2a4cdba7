using System.Globalization;
using System.Runtime.InteropServices;

namespace Millrace.ClickHouse.Native;

/// <summary>
/// The strings that this process was started with, which /proc/self/environ shows to any query that may read files: passwords are among
/// them. .NET has a copy of its own. proc(5), proc_pid_stat: env_start and env_end.
/// </summary>
static unsafe class EnvironmentBlock
{
    /// <summary>The fields count from 1; the second, the program's name, stands in brackets and may hold blanks.</summary>
    const int StartField = 50, EndField = 51, FieldsBeforeName = 2;

    /// <summary>What the C library and OpenSSL ask for again and again.</summary>
    static readonly string[] Kept = ["TZ=", "SSL_CERT_FILE=", "SSL_CERT_DIR="];

    /// <summary>Blanks out the values. To be called once what reads its settings there has read them.</summary>
    public static void Wipe()
    {
        var stat = File.ReadAllText("/proc/self/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var start = (byte*)nint.Parse(fields[StartField - FieldsBeforeName - 1], CultureInfo.InvariantCulture);
        var end = (byte*)nint.Parse(fields[EndField - FieldsBeforeName - 1], CultureInfo.InvariantCulture);
        for (var at = start; at < end;)
        {
            var variable = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(at);
            var value = variable.IndexOf((byte)'=') + 1;
            if (!Kept.Any(name => Marshal.PtrToStringUTF8((nint)at)!.StartsWith(name, StringComparison.Ordinal)))
                new Span<byte>(at + value, variable.Length - value).Clear();
            at += variable.Length + 1;
        }
    }
}
