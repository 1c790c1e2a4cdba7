using System.Runtime.InteropServices;

namespace Millrace.ClickHouse.Confining;

/// <summary>What .NET, the C library and the engine read of a Linux system. Paths that a system does not have cost nothing.</summary>
static class SystemFiles
{
    /// <summary>Folders stand for all that is below.</summary>
    public static IEnumerable<string> Read =>
    [
        // Libraries, and the runtime and the program themselves. /nix/store holds both on NixOS.
        "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/nix/store", "/etc/ld.so.cache", "/etc/ld.so.preload",
        AppContext.BaseDirectory, RuntimeRoot, .. LibraryFolders,
        // Names of hosts.
        "/etc/resolv.conf", "/run/systemd/resolve/stub-resolv.conf", "/etc/hosts", "/etc/host.conf", "/etc/nsswitch.conf", "/etc/gai.conf",
        "/etc/services", "/etc/protocols",
        // Certificates of authorities, not the private keys beside them.
        "/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/etc/pki/tls/certs", "/etc/pki/tls/openssl.cnf", "/etc/pki/ca-trust/extracted",
        "/usr/share/ca-certificates", "/usr/local/share/ca-certificates",
        // Time zones and languages.
        "/etc/localtime", "/etc/timezone", "/usr/share/zoneinfo", "/usr/share/icu", "/usr/share/locale",
        "/etc/os-release",
        // The process's own figures and those of the machine. A rule on /proc/self would be one on the process that makes it; what other
        // processes' folders hold back from a tracer, Landlock holds back here.
        "/proc", "/sys/fs/cgroup", "/sys/devices/system", "/sys/kernel/mm/transparent_hugepage",
        "/dev/urandom", "/dev/random", "/dev/zero",
    ];

    /// <summary>
    /// Programs: this one, and the loader that the kernel starts it with. Whatever starts here is confined in the same way.
    /// </summary>
    public static IEnumerable<string> Run =>
    [
        Environment.ProcessPath ?? "",
        "/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1", "/lib/ld-musl-x86_64.so.1", "/lib/ld-musl-aarch64.so.1",
    ];

    /// <summary>DOTNET_ROOT, three folders above shared/Microsoft.NETCore.App/VERSION.</summary>
    static string RuntimeRoot => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    static IEnumerable<string> LibraryFolders =>
        (Environment.GetEnvironmentVariable("LD_LIBRARY_PATH") ?? "").Split(':').Where(Path.IsPathRooted);
}
