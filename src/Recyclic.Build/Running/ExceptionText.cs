using System.Reflection;

namespace Recyclic.Build.Running;

/// <summary>How an exception is told to the user.</summary>
internal static class ExceptionText
{
    public static string Of(Exception exception, Verbosity verbosity) =>
        verbosity == Verbosity.Verbose ? exception.ToString()
        : exception is TargetFailedException ? exception.Message
        : $"{exception.GetType().Name}: {exception.Message}";

    public static Exception Unwrapped(Exception exception) => exception switch
    {
        AggregateException { InnerExceptions: [var inner] } => Unwrapped(inner),
        TargetInvocationException { InnerException: { } inner } => Unwrapped(inner),
        _ => exception,
    };
}
