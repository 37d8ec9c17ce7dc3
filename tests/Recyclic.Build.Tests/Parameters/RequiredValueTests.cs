namespace Recyclic.Build.Tests.Parameters;

[CancelAfter(20_000)]
public class RequiredValueTests
{
    private TestHost _host = null!;
    private List<string> _questions = null!;

    [SetUp]
    public void SetUp()
    {
        _host = new TestHost();
        _questions = [];
    }

    [TearDown]
    public void TearDown() => _host.Dispose();

    [Test]
    public async Task Without_a_terminal_all_that_is_missing_is_listed_at_once()
    {
        var run = await _host.RunAsync<Needy>("Deploy");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldBe(
            """
            error: target Hidden (needed by Deploy) requires --region (or RECYCLIC_REGION in the environment)
            error: target Deploy requires --tag (or RECYCLIC_TAG in the environment)
            error: target Deploy requires --retries (or RECYCLIC_RETRIES in the environment)
            error: target Deploy requires --registry-password (or REGISTRY_PASSWORD in the environment)
            error: Needy requires --owner (or RECYCLIC_OWNER in the environment)
            Nothing was run. ./build.sh --help lists targets and options.

            """
        );
        run.Output.ShouldBe("");
    }

    [Test]
    public async Task A_terminal_is_asked_for_each_missing_value_once()
    {
        _host.Ask = Answer(
            ("--region", "eu"),
            ("--tag", "abc"),
            ("--retries", "3"),
            ("--registry-password", "s3cr3t value"),
            ("--owner", "ann")
        );
        var run = await _host.RunAsync<Needy>("Deploy", "Again");
        run.Error.ShouldBe("");
        run.ExitCode.ShouldBe(0);
        run.Output.ShouldContain("tag=abc retries=3 password=12 owner=ann region=eu source=Prompt");
        _questions.ShouldBe([
            "--region",
            "--tag (Which release)",
            "--retries",
            "--registry-password (hidden)",
            "--owner (Who answers for it; one of ann, bob)",
        ]);
        (run.Output + run.Error).ShouldNotContain("s3cr3t value");
    }

    [Test]
    public async Task A_wrong_answer_is_explained_and_asked_for_again()
    {
        var answers = new Queue<string>(["gertrude", "", "bob"]);
        _host.Ask = (question, _, _) =>
            Task.FromResult<string?>(
                question.StartsWith("--owner", StringComparison.Ordinal) ? answers.Dequeue() : "1"
            );
        var run = await _host.RunAsync<Needy>("Deploy");
        run.ExitCode.ShouldBe(0);
        run.Output.ShouldContain("owner=bob");
        run.Error.ShouldBe("the terminal: 'gertrude' is not one of ann, bob\n");
    }

    [Test]
    public async Task Without_an_answer_nothing_runs()
    {
        _host.Ask = Answer();
        var run = await _host.RunAsync<Needy>("Deploy");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("target Deploy requires --tag");
        _questions.Count.ShouldBe(1);
    }

    [Test]
    public async Task What_nobody_can_type_is_not_asked_for()
    {
        _host.Ask = Answer(("--owner", "ann"));
        var run = await _host.RunAsync<Needy>("Conditional");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("target Conditional requires Count > 3");
        _questions.ShouldBeEmpty();
    }

    [TestCase("--plan")]
    [TestCase("--help")]
    public async Task Neither_a_plan_nor_the_help_asks(string option)
    {
        _host.Ask = Answer();
        (await _host.RunAsync<Needy>("Deploy", option)).ExitCode.ShouldBe(0);
        _questions.ShouldBeEmpty();
    }

    [Test]
    public async Task A_required_member_on_demand_is_required_only_by_targets_that_say_so()
    {
        (await _host.RunAsync<Needy>("Free", "--owner", "ann")).ExitCode.ShouldBe(0);
        var run = await _host.RunAsync<Needy>("Demanding", "--owner", "ann");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("target Demanding requires --on-demand");
    }

    [Test]
    public async Task An_unlisted_target_that_is_asked_for_is_named_alone() =>
        (await _host.RunAsync<Needy>("Hidden", "--owner", "ann")).Error.ShouldStartWith(
            "error: target Hidden requires --region"
        );

    [Test]
    public async Task A_skipped_target_requires_nothing() =>
        (await _host.RunAsync<Needy>("Again", "--skip", "Deploy", "--owner", "ann")).ExitCode.ShouldBe(0);

    [Test]
    public async Task A_false_that_was_given_is_a_value() =>
        (await _host.RunAsync<Needy>("Asks", "--owner", "ann", "--no-sure")).ExitCode.ShouldBe(0);

    [Test]
    public async Task A_cancelled_question_ends_the_run_with_130()
    {
        using var cancellation = new CancellationTokenSource();
        _host.Ask = async (_, _, token) =>
        {
            await cancellation.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
            return null;
        };
        (await _host.RunAsync<Needy>(["Deploy"], [], cancellation.Token)).ExitCode.ShouldBe(130);
    }

    private Func<string, bool, CancellationToken, Task<string?>> Answer(
        params (string Option, string Value)[] answers
    ) =>
        (question, isHidden, _) =>
        {
            _questions.Add(isHidden ? question + " (hidden)" : question);
            return Task.FromResult(
                answers.Where(a => question.Split(' ')[0] == a.Option).Select(a => a.Value).FirstOrDefault()
            );
        };

    public enum Person
    {
        Ann,
        Bob,
    }

    public interface IHazPassword : IRecyclicBuild
    {
        [Parameter, Secret]
        string? RegistryPassword => TryGetValue(() => RegistryPassword);
    }

    public class Needy : RecyclicBuild, IHazPassword
    {
        [Parameter("Which release")]
        public string? Tag { get; set; }

        [Parameter]
        public int? Retries { get; set; }

        [Parameter]
        public string? Region { get; set; }

        [Parameter]
        public bool? Sure { get; set; }

        [Parameter("Who answers for it."), Required]
        public Person? Owner { get; set; }

        [Parameter, Required, OnDemand]
        public string? OnDemand { get; set; }
        private int Count { get; } = 1;

        public Target Hidden => _ => _.Unlisted().Requires(() => Region).Executes(() => { });
        public Target Deploy =>
            _ =>
                _.DependsOn(Hidden)
                    .Requires(() => Tag)
                    .Requires(() => Retries)
                    .Requires(() => ((IHazPassword)this).RegistryPassword)
                    .Executes(() =>
                        WriteLine(
                            FormattableString.Invariant(
                                $"tag={Tag} retries={Retries} password={((IHazPassword)this).RegistryPassword?.Length} owner={Owner?.ToString().ToLowerInvariant()} region={Region} source={SourceOf(nameof(Tag))}"
                            )
                        )
                    );
        public Target Again => _ => _.DependsOn(Deploy).Executes(() => { });
        public Target Conditional => _ => _.Requires(() => Count > 3).Executes(() => { });
        public Target Free => _ => _.Executes(() => { });
        public Target Demanding => _ => _.Requires(() => OnDemand).Executes(() => { });
        public Target Asks => _ => _.Requires(() => Sure).Executes(() => { });
    }
}
