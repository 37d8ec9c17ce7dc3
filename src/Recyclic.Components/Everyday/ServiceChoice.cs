using System.Collections.Immutable;
using System.Globalization;
using Recyclic.Deploy.Model;

namespace Recyclic.Components;

/// <summary>Pure: which of an application's containers an everyday command means.</summary>
internal static class ServiceChoice
{
    /// <summary>The slot whose release is in use; the committed one while a canary has a part of the users.</summary>
    /// <exception cref="ConfigurationException">Nothing is deployed.</exception>
    public static Commitment Serving(Snapshot now, string target) =>
        now.Current
        ?? throw new ConfigurationException(
            target,
            $"nothing is deployed as {now.App}",
            "Deploy first: ./build.sh AtomicDeploy. If it has another name: --project <name>."
        );

    /// <summary>The names that may be asked for: the serving release's services, and accessories.</summary>
    public static ImmutableArray<string> Names(Snapshot now) =>
        [
            .. (now.Current is { } current ? current.Release.Images.Keys : [])
                .Concat(now.Accessories.Select(container => container.Service))
                .Where(name => name.Length > 0)
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>The one service that a command is about.</summary>
    /// <exception cref="ConfigurationException">None was named, or several, or one that is not there.</exception>
    public static string One(Snapshot now, ImmutableArray<string> asked, string target)
    {
        Serving(now, target);
        return asked switch
        {
            [var only] => Known(now, [only])[0],
            [] => throw new ConfigurationException(
                "--service",
                $"{target} needs to know which service",
                $"Name one: --service <name>. There are {List(Names(now))}."
            ),
            _ => throw new ConfigurationException(
                "--service",
                $"{target} is about one service, and {List(asked)} were named",
                "Name one."
            ),
        };
    }

    /// <summary>All that were named; each is there.</summary>
    /// <exception cref="ConfigurationException">One is not; says which there are.</exception>
    public static ImmutableArray<string> Known(Snapshot now, ImmutableArray<string> asked)
    {
        var names = Names(now);
        return asked.FirstOrDefault(name => !names.Contains(name)) is { } absent
            ? throw new ConfigurationException(
                "--service",
                $"there is no service {PrintableText.Of(absent, 60)} in {now.App}",
                $"Use one of {List(names)}."
            )
            : asked;
    }

    /// <summary>The container of a service in which a command can be run.</summary>
    /// <param name="replica">From 1; null: the first that runs.</param>
    /// <exception cref="ConfigurationException">None runs, or there is no such replica.</exception>
    public static Container Running(Snapshot now, string service, int? replica)
    {
        var all = Of(now, service);
        var found = replica is { } number
            ? all.FirstOrDefault(container => ReplicaOf(container) == number)
            : all.FirstOrDefault(container => container.IsRunning);
        if (found is null && replica is not null)
            throw new ConfigurationException(
                "--replica",
                $"there is no replica {replica} of {service}",
                all.IsEmpty
                    ? "None is there: ./build.sh Status says what is missing."
                    : $"There are {string.Join(", ", all.Select(container => ReplicaOf(container).ToString(CultureInfo.InvariantCulture)))}."
            );
        return found is { IsRunning: true }
            ? found
            : throw new ConfigurationException(
                $"service {service}",
                found is null && all.IsEmpty
                    ? "it has no container"
                    : $"{(found ?? all[0]).Name} does not run, it is {(found ?? all[0]).State}",
                "./build.sh Status says what is missing, and what starts it."
            );
    }

    /// <summary>The containers of a service that users have, by their replicas; else those of an accessory.</summary>
    public static ImmutableArray<Container> Of(Snapshot now, string service)
    {
        var serving = now.Current is { } current ? now[current.Slot].Of(service) : [];
        var accessories = now.Accessories.Where(container => container.Service == service);
        return [.. serving.Concat(accessories).OrderBy(ReplicaOf)];
    }

    /// <summary>As compose numbers them, from 1.</summary>
    public static int ReplicaOf(Container container) =>
        int.TryParse(
            container.Label("com.docker.compose.container-number")
                ?? container.Name[(container.Name.LastIndexOf('-') + 1)..],
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : 1;

    private static string List(ImmutableArray<string> names) =>
        names.IsEmpty ? "none" : string.Join(", ", names.Select(name => PrintableText.Of(name, 60)));
}
