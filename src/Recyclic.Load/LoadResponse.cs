using System.Text;

namespace Recyclic.Load;

/// <summary>A complete response, as handed to a <see cref="VersionClassifier"/>.</summary>
public sealed class LoadResponse
{
    private readonly string _head;
    private readonly byte[] _body;
    private string? _text;

    internal LoadResponse(int status, string head, byte[] body) => (Status, _head, _body) = (status, head, body);

    /// <summary>The status code, for example 200.</summary>
    public int Status { get; }

    /// <summary>The body as UTF-8 text, chunks put together.</summary>
    public string Body => _text ??= Encoding.UTF8.GetString(_body);

    /// <summary>The first header of this name, in any case; null when there is none.</summary>
    public string? Header(string name) => HeaderLines.Find(_head, name);
}
