using Recyclic.Components.Adapters;
using Recyclic.Deploy.Hooks;

namespace Recyclic.Components.Tests.Deployment;

/// <summary>Which files are hooks, and which are refused.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class HookFilesTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("recyclic-hooks-");

    public void Dispose() => _root.Delete(recursive: true);

    [Test]
    public void No_folder_is_no_hook()
    {
        var files = HookFiles.In(Path.Combine(_root.FullName, "none"), _root.FullName);
        files.Hooks.ShouldBeEmpty();
        files.Problems.ShouldBeEmpty();
    }

    [Test]
    public void An_executable_of_a_points_name_is_one()
    {
        foreach (var point in HookPoints.All)
            Write(point.Name(), isExecutable: true);
        var files = HookFiles.In(_root.FullName, _root.FullName);
        files.Problems.ShouldBeEmpty();
        files
            .Hooks.Select(hook => (hook.Point, Path.GetFileName(hook.Path)))
            .OrderBy(hook => hook.Point)
            .ShouldBe(HookPoints.All.Select(point => (point, point.Name())));
    }

    [TestCase("pre-shift.sample")]
    [TestCase("README.md")]
    [TestCase("README")]
    [TestCase(".gitkeep")]
    public void Notes_and_samples_are_none(string name)
    {
        Write(name, isExecutable: false);
        var files = HookFiles.In(_root.FullName, _root.FullName);
        files.Hooks.ShouldBeEmpty();
        files.Problems.ShouldBeEmpty();
    }

    [Test]
    public void One_that_is_not_executable_is_refused_with_the_mend()
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("Windows has no such bit.");
        Write("pre-shift", isExecutable: false);
        var problem = HookFiles.In(_root.FullName, _root.FullName).Problems.ShouldHaveSingleItem();
        (problem.Place, problem.What).ShouldBe(("pre-shift", "it is not executable"));
        problem.Mend.ShouldContain("chmod +x pre-shift");
    }

    [Test]
    public void A_name_that_is_no_points_is_refused_with_those_that_are()
    {
        Write("pre-shfit", isExecutable: true);
        var problem = HookFiles.In(_root.FullName, _root.FullName).Problems.ShouldHaveSingleItem();
        problem.What.ShouldBe("no point of a deploy has that name");
        problem.Mend.ShouldContain("pre-prepare, post-prepare, pre-shift, post-shift");
    }

    [Test]
    public void A_folder_and_a_link_to_nothing_are_refused()
    {
        _root.CreateSubdirectory("pre-shift");
        _root.CreateSubdirectory("library");
        File.CreateSymbolicLink(Path.Combine(_root.FullName, "post-shift"), "nowhere");
        HookFiles
            .In(_root.FullName, _root.FullName)
            .Problems.Select(problem => $"{problem.Place}: {problem.What}")
            .ShouldBe(["post-shift: it is a link to nothing", "pre-shift: it is a folder"]);
    }

    [Test]
    public void A_link_is_as_executable_as_what_it_leads_to()
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("Windows has no such bit.");
        Write("tell.sh", isExecutable: true);
        File.CreateSymbolicLink(Path.Combine(_root.FullName, "post-shift"), "tell.sh");
        HookFiles.In(_root.FullName, _root.FullName).Hooks.ShouldHaveSingleItem().Point.ShouldBe(HookPoint.PostShift);
    }

    private void Write(string name, bool isExecutable)
    {
        var path = Path.Combine(_root.FullName, name);
        File.WriteAllText(path, "#!/bin/sh\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(
                path,
                UnixFileMode.UserRead
                    | UnixFileMode.UserWrite
                    | (isExecutable ? UnixFileMode.UserExecute : UnixFileMode.None)
            );
    }
}
