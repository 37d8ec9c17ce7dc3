using Recyclic.Workflows.Yaml;

namespace Recyclic.Workflows.Generation;

/// <summary>A container as GitHub reads it.</summary>
internal static class ContainerYaml
{
    public static YamlMap Of(Container container)
    {
        var map = new YamlMap(("image", container.Image));
        if (container.Credentials is { } credentials)
            map = map.With(
                "credentials",
                new YamlMap(
                    ("username", JobEnvironment.Expression($"vars.{credentials.UserVariable}")),
                    ("password", JobEnvironment.Expression($"secrets.{credentials.PasswordSecret}"))
                )
            );
        map = map.WithAny("env", YamlMap.Of(container.Env.Values))
            .WithAny("ports", YamlList.Of(container.Ports))
            .WithAny("volumes", YamlList.Of(container.Volumes));
        return container.Options is { } options ? map.With("options", options) : map;
    }
}
