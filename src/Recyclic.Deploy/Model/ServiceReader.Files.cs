using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Model;

internal sealed partial class ServiceReader
{
    private const string Rather = "a named volume does not depend on where this checkout is";

    private bool IsHostsOwn => Text(ReleaseFileReader.Setting) == ReleaseFileReader.OfHost;

    /// <summary>What it mounts of the machine that runs the deployer, and what of it goes with the release.</summary>
    private void CheckFiles(bool engineIsLocal)
    {
        foreach (var file in compose.Files.All.Where(file => file.Service == name))
            if (file.Problem is { } problem)
                Refuse(problem.What, problem.Mend);
            // It was there a moment before.
            else if (file is { Travels: true, Tree: null, Path: { } path } && !missingFiles.Contains(path))
                RefuseMissing(path);
        if (engineIsLocal)
            CheckFilesHere();
        else if (!IsHostsOwn)
            CheckFilesThatTravel();
    }

    private IEnumerable<JsonObject> BindMounts =>
        (resolved["volumes"] as JsonArray ?? []).OfType<JsonObject>().Where(mount => mount["type"].AsText() == "bind");

    private void CheckFilesHere()
    {
        var relative = compose.RelativeMounts[name].ToHashSet();
        var own = compose.Files.Travelling.Where(file => file.Service == name).Select(file => file.Path).ToHashSet();
        foreach (var mount in BindMounts)
        {
            var source = mount["source"].AsText() ?? "";
            if (
                !relative.Contains(mount["target"].AsText() ?? "")
                || missingFiles.Contains(source)
                || own.Contains(source)
            )
                continue;
            var mayTravel =
                ReleaseFileReader.IsReadOnly(mount)
                && !IsHostsOwn
                && ReleaseFileReader.IsOfProject(compose, name, mount);
            warnings.Add(
                $"{name} mounts {source}, which is not part of its image: a rollback does not bring an earlier version of it back"
                    + (mayTravel ? "; with x-recyclic: { files: release } each release has its own" : "")
            );
        }
        foreach (
            var file in compose.Files.All.Where(file =>
                file.Service == name && file is { Kind: not FileKind.Mount, Travels: false }
            )
        )
            warnings.Add(
                $"the {file.Title} of {name} cannot be read by this user: it stays this machine's, and a rollback does not bring an earlier version of it back"
            );
        var created = BindMounts
            .Where(FileNames.IsMadeByTheEngine)
            .Select(mount => mount["source"].AsText())
            .ToHashSet();
        foreach (var path in missingFiles)
        {
            if (created.Contains(path))
                Once($"{path} does not exist: Docker creates it as an empty folder");
            else
                RefuseMissing(path);
        }
    }

    private void CheckFilesThatTravel()
    {
        foreach (var mount in BindMounts.Where(mount => ReleaseFileReader.IsOfProject(compose, name, mount)))
        {
            var source = mount["source"].AsText() ?? "";
            if (!missingFiles.Contains(source))
            {
                if (ReleaseFileReader.IsReadOnly(mount))
                    continue;
                // An accessory is made once, and what it keeps in a folder of its host is there for as long as the host
                // is.
                if (
                    compose.Choice.IsReleased(name)
                    || FileNames.IsFile(source)
                    || FileNames.IsFile(mount["target"].AsText() ?? "")
                )
                    RefuseWritten(source);
                else
                    Once(
                        $"{name} writes to {source}: that is a folder of the engine's host, not the one here; {Rather}"
                    );
            }
            else if (FileNames.IsMadeByTheEngine(mount))
                Once($"{source} does not exist: the engine creates it on its host, as an empty folder; {Rather}");
            else
                RefuseMissing(source);
        }
        foreach (var list in new[] { "configs", "secrets" })
        foreach (var source in (resolved[list] as JsonArray ?? []).Select(use => use.At("source").AsText() ?? ""))
            if (
                compose.RelativeFiles.Contains($"{list}.{source}")
                && compose.Resolved[list].At(source).At("file").AsText() is { } path
                && missingFiles.Contains(path)
            )
                RefuseMissing(path);
    }

    private void RefuseMissing(string path) =>
        Refuse(
            $"it mounts {path}, which does not exist; Docker would put an empty directory there",
            "Create it, or mend the path."
        );

    private void RefuseWritten(string path) =>
        Refuse(
            $"it may write to {ReleaseFileReader.NameOf(compose, path)} of this machine, but the engine runs on another, "
                + "and what goes there with a release is not kept for the next one",
            "Keep data in a named volume. If it only reads it, mount it read-only (:ro), and it goes with each release. "
                + $"If the engine's host has it, {(compose.Choice.IsReleased(name) ? "say so: x-recyclic: { files: host }" : "write its absolute path there")}."
        );
}
