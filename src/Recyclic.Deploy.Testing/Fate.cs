namespace Recyclic.Deploy.Testing;

/// <summary>How the containers of an image fare.</summary>
internal enum Fate
{
    BecomesHealthy,
    Exits,
    TurnsUnhealthy,
    StaysStarting,

    /// <summary>Healthy at first, and not any more when looked at some time after its start.</summary>
    SickensInService,
}
