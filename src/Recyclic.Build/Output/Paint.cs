namespace Recyclic.Build.Output;

/// <summary>Terminal colours, or none.</summary>
internal sealed class Paint(bool isColoured)
{
    public bool IsColoured => isColoured;

    public string Red(string text) => In("31", text);

    public string Green(string text) => In("32", text);

    public string Yellow(string text) => In("33", text);

    public string Cyan(string text) => In("36", text);

    public string Faint(string text) => In("2", text);

    private string In(string code, string text) => isColoured ? $"\e[{code}m{text}\e[0m" : text;
}
