using System.Reflection;

namespace Recyclic.Build.Running;

/// <summary>How an exception is told to the user.</summary>
internal static class ExceptionText
{
    public static string Of(Exception exception, Verbosity verbosity) =>
        verbosity == Verbosity.Verbose ? exception.ToString()
        : exception is TargetFailedException ? exception.Message
        : $"{exception.GetType().Name}: {exception.Message}{Cause(exception)}";

    public static Exception Unwrapped(Exception exception) =>
        exception switch
        {
            AggregateException { InnerExceptions: [var inner] } => Unwrapped(inner),
            TargetInvocationException { InnerException: { } inner } => Unwrapped(inner),
            _ => exception,
        };

    /// <summary>What stands behind an exception, unless its own message has said so.</summary>
    private static string Cause(Exception exception) =>
        exception.InnerException is not { } inner ? ""
        : exception.Message.Contains(inner.Message, StringComparison.Ordinal) ? Cause(inner)
        : $" (caused by {inner.GetType().Name}: {inner.Message}{Cause(inner)})";
}
