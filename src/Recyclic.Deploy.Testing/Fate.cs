namespace Recyclic.Deploy.Testing;

/// <summary>How the containers of an image fare.</summary>
public enum Fate
{
    /// <summary>They pass their health check, from their start to their end.</summary>
    BecomesHealthy,

    /// <summary>They end with 1 as soon as they are started.</summary>
    Exits,

    /// <summary>They run, and fail their health check as often as it takes.</summary>
    TurnsUnhealthy,

    /// <summary>
    /// They never come to a verdict, so that a deploy waits for its deadline; that one alone passes in real time.
    /// </summary>
    StaysStarting,

    /// <summary>Healthy at first, and not any more when looked at some time after their start.</summary>
    SickensInService,
}
