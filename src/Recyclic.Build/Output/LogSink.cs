using System.Globalization;
using Recyclic.Build.Running;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Display;

namespace Recyclic.Build.Output;

/// <summary>
/// Sends Serilog's events to the build they come from, so that builds in one process (tests) do not mix.
/// </summary>
internal sealed class LogSink : ILogEventSink
{
    private static readonly MessageTemplateTextFormatter Message = new("{Message:lj}", CultureInfo.InvariantCulture);
    private static readonly Lazy<ILogger> Logger = new(() =>
        new LoggerConfiguration().MinimumLevel.Verbose().WriteTo.Sink(new LogSink()).CreateLogger()
    );

    /// <summary>Makes <c>Log.Information</c> print here. A logger that the build class sets afterwards stays.</summary>
    public static void Install()
    {
        if (Log.Logger == Serilog.Core.Logger.None)
            Log.Logger = Logger.Value;
    }

    public void Emit(LogEvent logEvent)
    {
        if (BuildSession.Latest is not { } session)
            return;
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        Message.Format(logEvent, text);
        if (logEvent.Exception is { } exception)
            text.Write($": {exception.Message}");
        session.Output.Log(logEvent.Level, session.Progress.RunningName, text.ToString(), logEvent.Exception);
    }
}
