using System.Runtime.InteropServices;
using Millrace.ClickHouse.Errors;

namespace Millrace.ClickHouse.Native;

/// <summary>
/// Loads libchdb from the path that the options name. A process has one libchdb: the first path wins, another one is refused.
/// </summary>
static class LibraryLoader
{
    static readonly Lock Gate = new();
    static string? _loadedPath;
    static nint _library;

    /// <exception cref="ClickHouseStartException">
    /// No file there, not a library of this machine, or another one is already loaded.
    /// </exception>
    public static void Load(string path)
    {
        lock (Gate)
        {
            if (_loadedPath == path) return;
            if (_loadedPath is not null)
                throw new ClickHouseStartException($"This process already runs {_loadedPath}; start another process to use {path}.");
            _library = Open(path);
            _loadedPath = path;
            NativeLibrary.SetDllImportResolver(typeof(LibraryLoader).Assembly, (name, _, _) => name == Libchdb.Name ? _library : 0);
        }
    }

    static nint Open(string path)
    {
        if (!File.Exists(path))
        {
            throw new ClickHouseStartException(
                $"ClickHouse's library is not at {path}: run ./millrace up, which fetches it, or name its place.");
        }
        try
        {
            var library = NativeLibrary.Load(path);
            if (NativeLibrary.TryGetExport(library, "chdb_query_with_params_n", out _)) return library;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new ClickHouseStartException(
                $"{path} is not a library this machine can load ({e.Message.Trim()}): delete it and run ./millrace up to fetch it again.",
                e);
        }
        throw new ClickHouseStartException(
            $"{path} is not libchdb, or one older than 26.7: delete it and run ./millrace up to fetch it again.");
    }
}
