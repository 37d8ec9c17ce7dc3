using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Recyclic.Deploy.Model;

/// <summary>What `x-recyclic` may say of a release service, and what it must not.</summary>
internal sealed partial class ServiceReader
{
    private const string TrustedSetting = "trusted-proxies";

    private static readonly string[] KnownKeys =
    [
        "overlap",
        "settle",
        "hold",
        "mode",
        "ports",
        "host",
        "path",
        "release",
        "renew-volumes",
        "image",
        "one-off",
        "deadline",
        Migrations.Setting,
        StartsFirstSetting,
        "health",
        OldAssets.Setting,
        TrustedSetting,
        "timeouts",
        TlsSetting.Setting,
        ReleaseFileReader.Setting,
        WithheldUse.Setting,
    ];

    private bool IsSorted => Extension.ContainsKey("host") || Extension.ContainsKey("path");

    private void CheckSettings()
    {
        if (compose.Extensions.ContainsKey(name) && Given is not JsonObject)
            Refuse(
                $"x-recyclic is {Given?.ToJsonString() ?? "empty"}, not a map of settings",
                "Write for example x-recyclic: { overlap: false }."
            );
        foreach (var key in Extension.Select(entry => entry.Key).Where(key => !KnownKeys.Contains(key)))
            Refuse($"x-recyclic has no setting '{key}'", $"Use one of: {string.Join(", ", KnownKeys)}.");
        CheckSwitch(
            "overlap",
            "false: it must not run twice, so the old one stops before the new one starts; true: two releases may run at once."
        );
        CheckSwitch("release", "false: it is an accessory; true: it is a release service.");
        CheckOneOff();
        CheckSwitch("renew-volumes", "true: each release begins with fresh anonymous volumes.");
        if (!IsReleaseForSure && ImageKinds.WhyKeepsData(resolved["image"].AsText() ?? "") is { } reason)
            problems.Add(ImageKinds.Refusal(Place, reason));
        if (Extension.ContainsKey("image") && !compose.ImageVariables.ContainsKey(name))
            Refuse(
                "it has x-recyclic.image, but its image is not one variable, which the release could set",
                "Remove x-recyclic.image, or write image: \"${NAME}\"."
            );
        if (Extension.ContainsKey("settle") && ComposeReader.ParseDuration(Text("settle")) is null)
            Refuse($"x-recyclic.settle '{Shown("settle")}' is not a duration", "Write for example 10s.");
        if (
            Extension.ContainsKey("hold")
            && !(
                ComposeReader.ParseDuration(Text("hold")) is { } hold
                && hold >= TimeSpan.Zero
                && hold <= HeldRoutes.Longest
            )
        )
            Refuse(
                $"x-recyclic.hold '{Shown("hold")}' is not a duration from 0s to {HeldRoutes.Longest.TotalMinutes:0}m",
                "Write for example 30s: how long a request waits at most while the service is handed over; 0s: it fails at once."
            );
        if (Extension.ContainsKey("health") && !OutsideProbe.IsPath(Text("health") ?? ""))
            Refuse(
                $"x-recyclic.health '{Shown("health")}' is not a path",
                "Write for example /healthz: the path that answers 2xx or 3xx once it is ready."
            );
        else if (Extension.ContainsKey("health") && Probe is null)
            Refuse(
                "it has x-recyclic.health, but no port on which it could be asked",
                "Name the port that answers it: expose: [\"8000\"]."
            );
        if (Extension.ContainsKey("mode") && RouteModes.Parse(Text("mode")) is null)
            Refuse(
                $"x-recyclic.mode '{Shown("mode")}' is unknown",
                "Use http, tcp or auto; without it each port has the mode of what it is known for, see a dry run."
            );
        if (Extension.ContainsKey(OldAssets.Setting) && OldAssets.Read(Extension[OldAssets.Setting]) is null)
            Refuse(
                $"x-recyclic.{OldAssets.Setting} '{Shown(OldAssets.Setting)}' is no path, and no list of paths",
                "Write for example /assets/*: what is below it; or /app.js: that alone."
            );
        CheckSecrets();
        CheckPortSettings();
        if (Extension.ContainsKey(TrustedSetting))
            TrustedProxies.Read(Extension[TrustedSetting], Refuse);
        if (Extension.ContainsKey("timeouts"))
            Timeouts.Check(Extension["timeouts"], Refuse);
        CheckTls();
        if (
            Extension.ContainsKey(ReleaseFileReader.Setting)
            && Text(ReleaseFileReader.Setting) is not (ReleaseFileReader.OfRelease or ReleaseFileReader.OfHost)
        )
            Refuse(
                $"x-recyclic.files '{Shown(ReleaseFileReader.Setting)}' is unknown",
                "Use release: each release has its own copy of what it mounts read-only of the file's folder; or host: the engine's host has the files."
            );
        if (Extension.ContainsKey("host") && !Route.IsHostName(Text("host") ?? ""))
            Refuse(
                $"x-recyclic.host '{Shown("host")}' is not a host name",
                "Write one, for example shop.example.org, without scheme and port; leave it out for any host."
            );
        if (Extension.ContainsKey("path") && !Route.IsPath(Text("path") ?? ""))
            Refuse(
                $"x-recyclic.path '{Shown("path")}' is not a path",
                Text("path") == "/"
                    ? "Leave it out: without it every path matches."
                    : "Write for example /api: it begins with '/', has no trailing '/', and matches itself and everything below it."
            );
        if (
            IsSorted
            && ReadPorts().ToList() is { Count: > 0 } ports
            && ports.All(port => port.Route.Mode == RouteMode.Tcp)
        )
            Refuse(
                Text("mode") == "tcp"
                    ? "x-recyclic has mode tcp together with host or path, which only HTTP requests carry"
                    : $"x-recyclic has host or path, which only HTTP requests carry, but its ports are not HTTP: {string.Join("; ", ports)}",
                "Remove host and path, or say which port is HTTP: x-recyclic: { ports: { \"8000\": http } }."
            );
        if ((IsSorted || Extension.ContainsKey("mode")) && !ResolvedPorts().Any())
            warnings.Add($"{name} has x-recyclic.mode, host or path but publishes no port: they have no effect");
        CheckStartsFirst();
        if (Replicas() is < 1 or > 50)
            Refuse($"deploy.replicas is {Replicas()}", "Use 1 to 50.");
    }

    private void CheckOneOff()
    {
        CheckSwitch("one-off", "true: it does its work once for each release and ends; false: it stays up.");
        CheckMigration();
        if (MustComplete && !IsOneOff)
            Refuse(
                "x-recyclic.one-off is false, but another service waits for it to complete",
                "Remove one-off: false, or the condition service_completed_successfully."
            );
        if (Extension.ContainsKey("deadline") && !IsOneOff)
            Refuse(
                "it has x-recyclic.deadline, which says how long a one-off may take, but it stays up",
                "Remove it, or say that it is one: x-recyclic: { one-off: true }."
            );
        else if (
            Extension.ContainsKey("deadline") && ComposeReader.ParseDuration(Text("deadline")) is not { Ticks: > 0 }
        )
            Refuse($"x-recyclic.deadline '{Shown("deadline")}' is not a duration above zero", "Write for example 30m.");
        if (IsOneOff && ResolvedPorts().Any())
            warnings.Add(
                $"{name} is a one-off: it has ended before anybody is sent to it, so the edge does not publish its ports"
            );
    }

    private void CheckMigration()
    {
        if (!Extension.ContainsKey(Migrations.Setting))
            return;
        var kind = Migrations.Read(Text(Migrations.Setting));
        if (kind is null)
            Refuse(
                $"x-recyclic.{Migrations.Setting} '{Shown(Migrations.Setting)}' is unknown",
                "Write expand: the release before it works with what it leaves, so it runs before the new one starts; or contract: that does not, so it runs once nobody uses it any more."
            );
        if (Is("one-off", JsonValueKind.False))
            Refuse(
                $"x-recyclic.one-off is false, but it has x-recyclic.{Migrations.Setting}, which only a one-off is",
                "Remove one of the two."
            );
        if (kind == MigrationKind.Contract && MustComplete)
            Refuse(
                "it is a contract migration, which runs once the release is in use and the one before it has stopped, but another service waits for it to complete",
                "Remove the condition service_completed_successfully; what the release needs in order to start is an expand migration."
            );
    }

    private void CheckStartsFirst()
    {
        if (!Extension.ContainsKey(StartsFirstSetting))
            return;
        if (StartsFirst is not > 0)
            Refuse(
                $"x-recyclic.{StartsFirstSetting} '{Shown(StartsFirstSetting)}' is not a number from 1",
                "Write 1: one container is started and healthy before the others, such as where an image migrates when it starts."
            );
        else if (IsOneOff || Is("overlap", JsonValueKind.False) || StartsFirst >= Replicas())
            warnings.Add(
                $"{name} has x-recyclic.{StartsFirstSetting}, which has no effect: {(IsOneOff ? "it is a one-off" : Replicas() <= StartsFirst ? $"it has {Replicas()} replicas" : "it is handed over")}"
            );
    }

    private void CheckSecrets()
    {
        if (
            Extension.ContainsKey(WithheldUse.Setting)
            && !(
                Extension[WithheldUse.Setting] is JsonArray { Count: > 0 } names
                && names.All(name => VariableName().IsMatch(name.AsText() ?? ""))
            )
        )
            Refuse(
                $"x-recyclic.{WithheldUse.Setting} '{Shown(WithheldUse.Setting)}' is no list of variables",
                "Write for example [SENTRY_TOKEN]: the secrets of the build or of the CI system that this service gets."
            );
    }

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex VariableName();

    private void CheckSwitch(string key, string meaning)
    {
        if (
            Extension.ContainsKey(key)
            && Extension[key]?.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False)
        )
            Refuse($"x-recyclic.{key} '{Shown(key)}' is neither true nor false", meaning);
    }
}
