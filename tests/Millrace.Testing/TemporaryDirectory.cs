namespace Millrace.Testing;

/// <summary>A new empty directory, removed with all it holds at the end of the test.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("millrace-test-").FullName;

    public string Sub(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        // A process killed a moment ago may still be creating files: one more try is enough in practice.
        try { Directory.Delete(Path, recursive: true); }
        catch (IOException) { if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true); }
    }
}
