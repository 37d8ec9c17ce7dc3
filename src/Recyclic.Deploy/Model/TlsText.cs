namespace Recyclic.Deploy.Model;

/// <summary>What a <see cref="TlsSource"/> holds, or why it could not be read. It prints nothing of it.</summary>
/// <param name="text">PEM; null: it could not be read.</param>
internal sealed class TlsText(string? text, string what = "", string mend = "")
{
    public string? Text => text;

    /// <summary>Why it could not be read, to follow its name.</summary>
    public string What => what;

    public string Mend => mend;

    public override string ToString() => "(not shown)";
}
