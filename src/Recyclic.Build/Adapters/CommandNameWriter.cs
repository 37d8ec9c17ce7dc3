using System.Text;
using System.Text.RegularExpressions;

namespace Recyclic.Build.Adapters;

/// <summary>
/// For a build that is a tool of its own: messages that name the next command name <c>./build.sh</c>, which is not
/// there.
/// </summary>
internal sealed partial class CommandNameWriter(TextWriter inner, string command) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => inner.Write(value);

    public override void Write(string? value) =>
        inner.Write(value is null ? null : Script().Replace(value, command + " "));

    public override void Flush() => inner.Flush();

    /// <summary>Before a target, an option or the usage; a file of that name stays, and so does what a shell is shown to be given.</summary>
    [GeneratedRegex(@"(?<!\$ )\./build\.sh (?=[A-Z]|--|\[|:)")]
    private static partial Regex Script();
}
