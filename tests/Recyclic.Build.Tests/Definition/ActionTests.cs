using Serilog;

namespace Recyclic.Build.Tests.Definition;

/// <summary>Whatever a target is given to do is awaited, and its failure is the target's.</summary>
[CancelAfter(20_000)]
public class ActionTests
{
    private TestHost _host = null!;

    [SetUp]
    public void SetUp() => _host = new TestHost();

    [TearDown]
    public void TearDown() => _host.Dispose();

    [TestCase("Plain")]
    [TestCase("WithToken")]
    [TestCase("Values")]
    public async Task Of_several_async_lambdas_each_is_awaited_and_one_that_fails_fails_the_target(string target)
    {
        var run = await _host.RunAsync<Several>(target);
        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain("first done");
        run.Output.ShouldContain("[ERR] InvalidOperationException: second");
        run.Output.ShouldNotContain("third");
    }

    [Test]
    public async Task Several_lambdas_run_in_turn()
    {
        var run = await _host.RunAsync<Several>("InTurn");
        run.ExitCode.ShouldBe(0, run.Output + run.Error);
        run.Output.Split('\n')
            .Where(line => line.Contains("[INF]", StringComparison.Ordinal))
            .Select(line => line.Split("[INF] ")[1])
            .ShouldBe(["one", "two", "three", "four"]);
    }

    [Test]
    public async Task An_async_lambda_that_nobody_could_await_is_refused()
    {
        var run = await _host.RunAsync<Unawaited>("Lambda");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(
            "target Lambda has an async action that returns no task, so nobody would wait for it or see it fail: let the method return Task, and give an async lambda an Executes of its own"
        );
        run.Error.ShouldContain("target Method has an async action that returns no task");
    }

    public class Several : RecyclicBuild
    {
        public Target Plain =>
            _ =>
                _.Executes(
                    async () => await FirstAsync(),
                    async () => await SecondAsync(),
                    async () => await ThirdAsync()
                );

        public Target WithToken =>
            _ =>
                _.Executes(
                    async token => await FirstAsync().WaitAsync(token),
                    async token => await SecondAsync().WaitAsync(token),
                    async token => await ThirdAsync().WaitAsync(token)
                );

        public Target Values =>
            _ =>
                _.Executes(
                    () => new ValueTask(FirstAsync()),
                    () => new ValueTask(SecondAsync()),
                    () => new ValueTask(ThirdAsync())
                );

        public Target InTurn =>
            _ =>
                _.Executes(() => Log.Information("one"), () => Log.Information("two"))
                    .Executes(async () =>
                    {
                        await Task.Yield();
                        Log.Information("three");
                    })
                    .Executes(() => Log.Information("four"));

        private static async Task FirstAsync()
        {
            await Task.Yield();
            Log.Information("first done");
        }

        private static async Task SecondAsync()
        {
            await Task.Yield();
            throw new InvalidOperationException("second");
        }

        private static async Task ThirdAsync()
        {
            await Task.Yield();
            Log.Information("third");
        }
    }

    public class Unawaited : RecyclicBuild
    {
        public Target Lambda => _ => _.Executes(() => Log.Information("at once"), async () => await Task.Yield());

        public Target Method => _ => _.Executes(Forget);

#pragma warning disable VSTHRD100, CA1849 // What the test is about.
        private static async void Forget() => await Task.Yield();
#pragma warning restore VSTHRD100, CA1849
    }
}
