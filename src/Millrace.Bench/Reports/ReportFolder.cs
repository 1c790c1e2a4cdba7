using System.Text;
using Millrace.Bench.Options;
using Millrace.Bench.Results;

namespace Millrace.Bench.Reports;

/// <summary>The folder of the results: results.json, results.md, report.html.</summary>
public sealed class ReportFolder
{
    const string Json = "results.json";

    /// <summary>In bytes. The results of a long measurement with its report.</summary>
    const int Room = 1_000_000;

    readonly string _path;

    ReportFolder(string path) => _path = path;

    /// <summary>Full path.</summary>
    public string Path => _path;

    /// <summary>Makes the folder where there is none, and tries whether results fit into it: before anything is measured.</summary>
    /// <exception cref="BenchFailedException">It can't be written, its disk is full, or it holds results already.</exception>
    public static ReportFolder Open(string path)
    {
        var folder = new ReportFolder(System.IO.Path.GetFullPath(path));
        if (File.Exists(folder.In(Json)))
            throw new BenchFailedException($"{folder._path} holds results already: name another folder with --out");
        folder.Guard(() =>
        {
            Directory.CreateDirectory(folder._path);
            var trial = folder.In(".millrace-bench");
            try { File.WriteAllBytes(trial, new byte[Room]); }
            finally { File.Delete(trial); }
        });
        return folder;
    }

    /// <summary>Each file is there whole, or as it was.</summary>
    /// <exception cref="BenchFailedException">It can't be written, or its disk is full.</exception>
    public void Write(BenchResults results) => Guard(() =>
    {
        Replace(Json, BenchJson.Text(results) + "\n");
        Replace("results.md", MarkdownReport.Of(results));
        Replace("report.html", HtmlReport.Of(results));
    });

    /// <summary>The tables, for people.</summary>
    public static string Text(BenchResults results) => MarkdownReport.Of(results);

    /// <summary>As reports write one.</summary>
    public static string Number(double number) => ReportTable.Number(number);

    void Replace(string name, string text)
    {
        var incoming = In(name + ".incoming");
        try
        {
            File.WriteAllText(incoming, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            File.Move(incoming, In(name), overwrite: true);
        }
        finally
        {
            File.Delete(incoming);
        }
    }

    string In(string name) => System.IO.Path.Combine(_path, name);

    void Guard(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BenchFailedException(
                $"results can't be written to {_path} ({e.Message.TrimEnd('.')}): "
                + "make room or let it be written, or name another folder with --out");
        }
    }
}
