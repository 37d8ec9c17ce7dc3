namespace Recyclic.Build;

/// <summary>
/// A target failed and has said all there is to say: the message is printed as it stands, without type or stack trace.
/// </summary>
public sealed class TargetFailedException : Exception
{
    /// <param name="message">What failed, the evidence, and what to do next.</param>
    /// <param name="exitCode">The exit code of the process, 0 to 255; default: 1.</param>
    /// <param name="inner">The cause, printed with <c>--verbosity verbose</c>.</param>
    public TargetFailedException(string message, int exitCode = 1, Exception? inner = null)
        : base(message, inner)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(exitCode);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(exitCode, 255);
        ExitCode = exitCode;
    }

    /// <summary>The exit code of the process, 0 to 255.</summary>
    public int ExitCode { get; }
}
