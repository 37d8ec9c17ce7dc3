using Recyclic.Build;
using Recyclic.Processes;

namespace Recyclic.Components.Tests;

/// <summary>What `dotnet list package --vulnerable` answers, as it was printed, and what is made of it.</summary>
public sealed class AuditTests
{
    private const string Clean =
        "\nThe following sources were used:\n   https://packages.example/v3/index.json\n\nThe given project `probe` has no vulnerable packages given the current sources.\n";

    private const string Vulnerable = """
        Project `probe` has the following vulnerable packages
           [netstandard2.0]:
           Top-level Package      Requested   Resolved   Severity   Advisory URL
           > Newtonsoft.Json      12.0.1      12.0.1     High       GHSA-5crp-9r3c-p9vr

        """;

    [Test]
    public void A_source_that_finds_nothing_wrong_with_a_vulnerable_package_knows_nothing() =>
        AuditReading
            .ProbeFailure(Answer(Clean))
            .ShouldNotBeNull()
            .ShouldContain(
                "nobody can tell whether a package is vulnerable: the package source knows of no vulnerabilities, not even of Newtonsoft.Json 12.0.1"
            );

    [Test]
    public void A_source_that_names_it_can_be_believed_when_it_finds_nothing_else()
    {
        AuditReading.ProbeFailure(Answer(Vulnerable)).ShouldBeNull();
        AuditReading.Failure(Answer(Clean)).ShouldBeNull();
    }

    [Test]
    public void A_package_that_is_named_fails_the_audit() =>
        AuditReading.Failure(Answer(Vulnerable)).ShouldNotBeNull().ShouldContain("raise its version");

    [Test]
    public void A_source_that_does_not_answer_is_shown_with_what_was_printed()
    {
        var failure = AuditReading
            .ProbeFailure(
                Answer(
                    "",
                    1,
                    "error: NU1301: Unable to load the service index for source https://packages.example/v3/index.json.\n"
                )
            )
            .ShouldNotBeNull();
        failure.ShouldContain("the package source could not be asked\n    error: NU1301");
        failure.ShouldContain("  next    see that the source of packages is reachable");
    }

    [Test]
    public async Task The_source_is_asked_by_programs_that_see_no_secret_of_the_build()
    {
        var root = new AbsolutePath(Directory.CreateTempSubdirectory("recyclic-audit-").FullName);
        var packages = new FakeDocker(command =>
            (0, command.Arguments[1].Contains("probe", StringComparison.Ordinal) ? Vulnerable : Clean)
        );
        using var output = new StringWriter();
        var host = new BuildHost
        {
            Output = output,
            Error = output,
            WorkingDirectory = root,
            RootDirectory = root,
            KeepsReports = false,
            CommandRunner = packages,
        };
        var exitCode = await RecyclicBuild.RunAsync<Audited>(["Audit"], host, CancellationToken.None);
        root.DeleteDirectory();
        exitCode.ShouldBe(0, output.ToString());
        packages.Ran.Count.ShouldBe(2);
        packages.Ran.ShouldAllBe(command => command.Withheld.Contains("API_KEY"));
    }

    private sealed class Audited : RecyclicBuild, IAudit
    {
        [Parameter, Secret]
        public string? ApiKey { get; set; }

        public AbsolutePath AuditedSolution => RootDirectory / "All.slnx";
    }

    private static CommandResult Answer(string output, int exitCode = 0, string error = "") =>
        new(Command.Of("dotnet", "list"), exitCode, output, error);
}
