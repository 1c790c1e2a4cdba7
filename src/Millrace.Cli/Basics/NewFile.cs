using System.Globalization;

namespace Millrace.Cli.Basics;

/// <summary>Makes a file that is there whole or not at all: it has another name, beside its own, until it is complete.</summary>
static class NewFile
{
    /// <param name="write">What it throws, Ctrl-C too, leaves no file.</param>
    /// <returns>What <paramref name="write"/> gave.</returns>
    /// <exception cref="CliException">There is a file of that name already, which is somebody's.</exception>
    public static async Task<T> WriteAsync<T>(string path, Func<Stream, Task<T>> write)
    {
        if (Path.Exists(path)) throw Taken(path);
        var partial = string.Create(CultureInfo.InvariantCulture, $"{path}.{Environment.ProcessId}.partial");
        var output = new FileStream(partial, FileMode.CreateNew, FileAccess.Write);
        try
        {
            T written;
            await using (output) written = await write(output);
            if (Path.Exists(path)) throw Taken(path);
            File.Move(partial, path, overwrite: false);
            return written;
        }
        finally
        {
            File.Delete(partial);
        }
    }

    static CliException Taken(string path) => new(ExitCodes.Failed, $"there is a file {path} already: name another one, or delete it");
}
