namespace Recyclic.Deploy.Smoke;

/// <summary>
/// The way to a release that is tested: requests go to its own containers before it has traffic, and through the front
/// door afterwards. There is no address to connect to, since none is open to anybody.
/// </summary>
public abstract class SmokeAddress
{
    private protected SmokeAddress() { }

    /// <summary>The release's tag.</summary>
    public abstract string Tag { get; }

    /// <summary>Whether users have the release by now, and requests go the way that theirs do.</summary>
    public abstract bool IsFrontDoor { get; }

    /// <summary>Asks once, with no expectation. Before there is traffic, the service's first container.</summary>
    /// <param name="with">Service, port, method, body and headers; what it expects does not count. Null: a plain
    /// GET.</param>
    /// <exception cref="Running.StepFailedException">There is no answer.</exception>
    public abstract Task<HttpAnswer> AskAsync(
        string path,
        CancellationToken cancellationToken,
        Func<HttpTest, HttpTest>? with = null
    );
}
