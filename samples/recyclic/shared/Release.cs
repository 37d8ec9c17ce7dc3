using System.Diagnostics;

namespace Recyclic.Sample;

/// <summary>
/// Which service and version this process is, since when it runs, and what is wrong with it on purpose.
/// </summary>
public sealed class Release
{
    private readonly TimeProvider _time;
    private readonly long _startedAt;

    /// <summary>One that has started now.</summary>
    public Release(string service, string version, Fault fault, TimeProvider time)
    {
        (Service, Version, Fault, _time) = (service, version, fault, time);
        _startedAt = time.GetTimestamp();
    }

    /// <summary>`api`, `bot` or `frontend`.</summary>
    public string Service { get; }

    /// <summary>The tag this image was built as; <c>dev</c> outside an image.</summary>
    public string Version { get; }

    /// <summary>Also one that does not show yet: see <see cref="FaultNow"/>.</summary>
    public Fault Fault { get; }

    /// <summary>The reason to be unhealthy now; null when there is none.</summary>
    public string? FaultNow => Fault.Reason(_time.GetElapsedTime(_startedAt));

    /// <summary>Whether a request that comes now is to fail on purpose.</summary>
    public bool FailsRequest =>
        Fault.Rate > 0 && _time.GetElapsedTime(_startedAt) >= Fault.After && Random.Shared.NextDouble() < Fault.Rate;

    /// <summary>
    /// Reads the process environment. A fault that cannot be read (exit 2) or asks for it (exit 7) ends the process
    /// here: a service with <c>exit-at-once</c> must open no port and touch no database.
    /// </summary>
    public static Release OfThisProcess(string service)
    {
        var version = Environment.GetEnvironmentVariable("RECYCLIC_VERSION") is { Length: > 0 } tag ? tag : "dev";
        try
        {
            var fault = Fault.Parse(Environment.GetEnvironmentVariable("RECYCLIC_FAULT"));
            if (fault.Kind != FaultKind.ExitAtOnce)
                return new Release(service, version, fault, TimeProvider.System);
            Console.Error.WriteLine($"{service} {version} exits with code {Fault.ExitCode}: fault exit-at-once");
            Environment.Exit(Fault.ExitCode);
        }
        catch (FormatException wrong)
        {
            Console.Error.WriteLine($"{service} {version} does not start: {wrong.Message}");
            Environment.Exit(2);
        }
        throw new UnreachableException();
    }
}
