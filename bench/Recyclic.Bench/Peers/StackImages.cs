namespace Recyclic.Bench;

/// <summary>The images of the comparison: two good versions, a broken one, the proxy.</summary>
internal sealed class StackImages(Workshop workshop)
{
    public const string First = "b1";
    public const string Second = "b2";
    public const string Broken = "broken";

    private const string App = "recyclicbench/app";
    private const string Proxy = "recyclicbench/haproxy";

    public async Task BuildAsync(CancellationToken cancellationToken)
    {
        foreach (var tag in new[] { First, Second, Broken })
            await BuildAsync(
                $"{App}:{tag}",
                "stack",
                ["--build-arg", $"APP_VERSION={tag}", "--build-arg", $"HEALTHY={(tag == Broken ? 0 : 1)}"],
                cancellationToken
            );
        await BuildAsync(Proxy, "peers/haproxy", [], cancellationToken);
    }

    public Task RemoveAsync(CancellationToken cancellationToken) =>
        workshop.DockerAsync(["rmi", $"{App}:{First}", $"{App}:{Second}", $"{App}:{Broken}", Proxy], cancellationToken);

    private async Task BuildAsync(
        string image,
        string context,
        IEnumerable<string> arguments,
        CancellationToken cancellationToken
    ) =>
        (
            await workshop.DockerAsync(
                ["build", "-q", "-t", image, .. arguments, workshop.Path(context)],
                cancellationToken
            )
        ).EnsureSuccess();
}
