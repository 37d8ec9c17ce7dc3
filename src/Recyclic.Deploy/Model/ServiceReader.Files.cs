using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Model;

internal sealed partial class ServiceReader
{
    private bool IsHostsOwn => Text(ReleaseFileReader.Setting) == ReleaseFileReader.OfHost;

    /// <summary>What it mounts of the machine that runs the deployer, and what of it goes with the release.</summary>
    private void CheckFiles(bool engineIsLocal)
    {
        foreach (var file in compose.Files.All.Where(file => file.Service == name && file.Problem is not null)) Refuse(file.Problem!.Value.What, file.Problem.Value.Mend);
        if (engineIsLocal) CheckFilesHere();
        else if (!IsHostsOwn) CheckFilesThatTravel();
    }

    private IEnumerable<JsonObject> BindMounts => (resolved["volumes"] as JsonArray ?? []).OfType<JsonObject>().Where(mount => mount["type"].AsText() == "bind");

    private void CheckFilesHere()
    {
        var (relative, own) = (compose.RelativeMounts[name].ToHashSet(), compose.Files.Travelling.Where(file => file.Service == name).Select(file => file.Path).ToHashSet());
        foreach (var mount in BindMounts)
            if (mount["source"].AsText() is { } source && relative.Contains(mount["target"].AsText() ?? "") && !missingFiles.Contains(source) && !own.Contains(source))
                warnings.Add($"{name} mounts {source}, which is not part of its image: a rollback does not bring an earlier version of it back"
                    + (ReleaseFileReader.IsReadOnly(mount) && !IsHostsOwn && ReleaseFileReader.IsOfProject(compose, name, mount) ? "; with x-recyclic: { files: release } each release has its own" : ""));
        var created = BindMounts.Where(IsMadeByTheEngine).Select(mount => mount["source"].AsText()).ToHashSet();
        foreach (var path in missingFiles)
        {
            if (created.Contains(path)) Once($"{path} does not exist: Docker creates it as an empty folder");
            else RefuseMissing(path);
        }
    }

    private void CheckFilesThatTravel()
    {
        foreach (var mount in BindMounts.Where(mount => ReleaseFileReader.IsOfProject(compose, name, mount)))
        {
            var source = mount["source"].AsText() ?? "";
            if (!missingFiles.Contains(source))
            {
                if (ReleaseFileReader.IsReadOnly(mount)) continue;
                // An accessory is made once, and what it keeps in a folder of its host is there for as long as the host is.
                if (compose.Choice.IsReleased(name) || FileNames.IsFile(source) || FileNames.IsFile(mount["target"].AsText() ?? "")) RefuseWritten(source);
                else Once($"{name} writes to {source}: that is a folder of the engine's host, not the one here; a named volume does not depend on where this checkout is");
            }
            else if (IsMadeByTheEngine(mount)) Once($"{source} does not exist: the engine creates it on its host, as an empty folder; a named volume does not depend on where this checkout is");
            else RefuseMissing(source);
        }
        foreach (var list in new[] { "configs", "secrets" })
            foreach (var source in (resolved[list] as JsonArray ?? []).Select(use => use.At("source").AsText() ?? "").Where(source => compose.RelativeFiles.Contains($"{list}.{source}")))
                if (compose.Resolved[list].At(source).At("file").AsText() is { } path && missingFiles.Contains(path)) RefuseMissing(path);
    }

    private void RefuseMissing(string path) => Refuse($"it mounts {path}, which does not exist; Docker would put an empty directory there", "Create it, or mend the path.");

    private void RefuseWritten(string path) => Refuse(
        $"it may write to {ReleaseFileReader.NameOf(compose, path)} of this machine, but the engine runs on another, and what goes there with a release is not kept for the next one",
        $"Keep data in a named volume. If it only reads it, mount it read-only (:ro), and it goes with each release. If the engine's host has it, {(compose.Choice.IsReleased(name) ? "say so: x-recyclic: { files: host }" : "write its absolute path there")}.");

    private static bool IsMadeByTheEngine(JsonObject mount) =>
        mount["bind"].At("create_host_path")?.ToString() == "true" && !FileNames.IsFile(mount["source"].AsText() ?? "") && !FileNames.IsFile(mount["target"].AsText() ?? "");
}
