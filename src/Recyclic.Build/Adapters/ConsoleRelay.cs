using System.Text;
using Recyclic.Build.Running;

namespace Recyclic.Build.Adapters;

/// <summary>
/// What a target writes to the console goes the way of all output: redacted, in its place, and with <c>--json</c> to
/// standard error.
/// </summary>
internal sealed class ConsoleRelay(TextWriter before, bool isError) : TextWriter
{
    public override Encoding Encoding => before.Encoding;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    public override void Write(string? value)
    {
        if (string.IsNullOrEmpty(value))
            return;
        if (BuildSession.Latest is { } session)
        {
            session.Output.Raw(value, isError);
            return;
        }
        before.Write(value);
        before.Flush();
    }

    public override void WriteLine() => Write("\n");

    public override void WriteLine(string? value) => Write(value + "\n");
}
