using Serilog;

namespace Recyclic.Build.Tests.Definition;

[CancelAfter(20_000)]
public class OutputTests
{
    private TestHost _host = null!;

    [SetUp]
    public void SetUp() => _host = new TestHost();

    [TearDown]
    public void TearDown() => _host.Dispose();

    [Test]
    public async Task An_output_is_read_by_a_target_that_runs_later()
    {
        var run = await _host.RunAsync<Outputs>("Push");
        run.ExitCode.ShouldBe(0);
        run.Output.ShouldContain("pushing sha256:1234 of 3 images");
    }

    [TestCase(
        "TooEarly BuildImages",
        "the output Digest has no value: BuildImages, which sets it, has yet to run; add .DependsOn(BuildImages) to the target that reads it"
    )]
    [TestCase(
        "TooEarly",
        "the output Digest has no value: BuildImages, which sets it, is not part of this run; add .DependsOn(BuildImages)"
    )]
    [TestCase("Push --skip BuildImages", "the output Digest has no value: BuildImages, which sets it, was skipped")]
    [TestCase("ReadsForgotten", "the output Forgotten has no value: Forgets has run without setting it")]
    [TestCase("ReadsFailed", "the output Lost has no value: Fails, which sets it, did not succeed")]
    [TestCase("ReadsItself", "the output Own has no value: ReadsItself is running and has not set it yet")]
    [TestCase(
        "ReadsUndeclared",
        "no target declares the output Undeclared: add .Outputs(Undeclared) to the target that sets it"
    )]
    [TestCase(
        "SetsUndeclared",
        "no target declares the output Undeclared: add .Outputs(Undeclared) to the target that sets it"
    )]
    [TestCase("SetsAnothers", "the output Digest can be set only by BuildImages, and while that runs")]
    public async Task A_wrong_use_of_an_output_says_what_to_do(string arguments, string expected)
    {
        var run = await _host.RunAsync<Outputs>(arguments.Split(' '));
        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain(expected);
    }

    [Test]
    public async Task The_plan_names_the_outputs() =>
        (await _host.RunAsync<Outputs>("BuildImages", "--plan", "json")).Output.ShouldContain(
            "\"outputs\": [\n        \"Digest\",\n        \"Images\"\n      ]"
        );

    [Test]
    public async Task Two_targets_cannot_declare_one_output()
    {
        var run = await _host.RunAsync<TwoOwners>("A");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("the output Value is declared by A and by B");
    }

    [Test]
    public async Task Two_members_of_one_name_cannot_have_outputs_of_two_types()
    {
        var run = await _host.RunAsync<TwoTypes>("A");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("the output Value is one of String and one of Int32");
    }

    public interface IImages : IRecyclicBuild
    {
        Output<string> Digest => GetOutput<string>();
        Output<int> Images => GetOutput<int>();

        Target BuildImages =>
            _ =>
                _.Outputs(Digest, Images)
                    .Executes(() =>
                    {
                        Digest.Set("sha256:0000");
                        Digest.Set("sha256:1234");
                        Images.Set(3);
                    });
    }

    public class Outputs : RecyclicBuild, IImages
    {
        private Output<string> Forgotten => GetOutput<string>();
        private Output<string> Lost => GetOutput<string>();
        private Output<string> Own => GetOutput<string>();
        private Output<string> Undeclared => GetOutput<string>();
        private IImages Component => this;

        public Target Push =>
            _ =>
                _.DependsOn<IImages>()
                    .WhenSkipped(DependencyBehavior.Execute)
                    .Executes(() =>
                        Log.Information(
                            "pushing {Digest:l} of {Images} images",
                            Component.Digest.Value,
                            Component.Images.Value
                        )
                    );

        public Target TooEarly => _ => _.Before(Component.BuildImages).Executes(() => Component.Digest.Value);
        public Target Forgets => _ => _.Outputs(Forgotten).Executes(() => { });
        public Target ReadsForgotten => _ => _.DependsOn(Forgets).Executes(() => Forgotten.Value);
        public Target Fails =>
            _ => _.Outputs(Lost).ProceedAfterFailure().Executes(() => throw new InvalidOperationException("no"));
        public Target ReadsFailed => _ => _.DependsOn(Fails).AssuredAfterFailure().Executes(() => Lost.Value);
        public Target ReadsItself => _ => _.Outputs(Own).Executes(() => Own.Value);
        public Target ReadsUndeclared => _ => _.Executes(() => Undeclared.Value);
        public Target SetsUndeclared => _ => _.Executes(() => Undeclared.Set(""));
        public Target SetsAnothers => _ => _.DependsOn<IImages>().Executes(() => Component.Digest.Set("mine"));
    }

    public class TwoOwners : RecyclicBuild
    {
        private Output<string> Value => GetOutput<string>();
        public Target A => _ => _.Outputs(Value);
        public Target B => _ => _.Outputs(Value);
    }

    public class TwoTypes : RecyclicBuild
    {
        public Target A => _ => _.Outputs(GetOutput<string>("Value"));
        public Target B => _ => _.Outputs(GetOutput<int>("Value"));
    }
}
