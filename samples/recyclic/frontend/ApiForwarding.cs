using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Recyclic.Sample.Frontend;

/// <summary>
/// Hands <c>/api/*</c> to the api of the same slot; its answers keep its version, and get ours beside it.
/// </summary>
internal static class ApiForwarding
{
    /// <summary>How long nothing may come; the slowest honest answer takes 30 s.</summary>
    private static readonly ForwarderRequestConfig Limits = new() { ActivityTimeout = TimeSpan.FromSeconds(35) };

    public static void MapApi(this WebApplication app, Uri api, Release release) =>
        app.MapForwarder(
            "/api/{**path}",
            api.ToString(),
            Limits,
            Transformer(app, release),
            app.Services.GetRequiredService<ApiClient>().Invoker
        );

    private static HttpTransformer Transformer(WebApplication app, Release release) =>
        app
            .Services.GetRequiredService<ITransformBuilder>()
            .Create(transforms =>
            {
                transforms.AddPathRemovePrefix("/api");
                transforms.AddXForwarded();
                transforms.AddResponseHeader(
                    "X-Frontend-Version",
                    release.Version,
                    append: false,
                    ResponseCondition.Always
                );
            });
}
