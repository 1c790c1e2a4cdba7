using System.Runtime.Versioning;

// /proc tells who lives and who holds a port, and the one ClickHouse engine there is runs on Linux.
[assembly: SupportedOSPlatform("linux")]
