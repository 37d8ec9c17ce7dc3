using System.Text;
using Recyclic.Processes;

namespace Recyclic.Build.Adapters;

/// <summary>
/// Keeps what a target prints while another one has the terminal; beyond a megabyte in a temporary file.
/// </summary>
internal sealed class OutputSpool : IDisposable
{
    private const int InMemory = 1 << 20;
    private readonly List<(bool IsError, string Text)> _recent = [];
    private BinaryWriter? _file;
    private DirectoryInfo? _folder;
    private int _length;

    public void Add(bool isError, string text)
    {
        _recent.Add((isError, text));
        _length += text.Length;
        if (_length < InMemory)
            return;
        _folder ??= PrivateFiles.CreateFolder("recyclic-output-");
        _file ??= new(
            PrivateFiles.Create(Path.Combine(_folder.FullName, "output"), FileOptions.DeleteOnClose),
            Encoding.UTF8
        );
        foreach (var (error, kept) in _recent)
        {
            _file.Write(error);
            _file.Write(kept);
        }
        _recent.Clear();
        _length = 0;
    }

    /// <summary>Hands everything over, in order, and is empty afterwards.</summary>
    public void Drain(Action<bool, string> write)
    {
        if (_file is { BaseStream: var stream })
        {
            _file.Flush();
            stream.Position = 0;
            using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
            while (stream.Position < stream.Length)
                write(reader.ReadBoolean(), reader.ReadString());
            Dispose();
        }
        foreach (var (isError, text) in _recent)
            write(isError, text);
        _recent.Clear();
        _length = 0;
    }

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
        _folder?.Delete(recursive: true);
        _folder = null;
    }
}
