using Recyclic.Build.Parameters;
using Recyclic.Fuzzing;

namespace Recyclic.Build.Tests.Parameters;

public sealed class ParametersFileFuzzTests
{
    [Test]
    [CancelAfter(14_400_000)]
    public void A_spoilt_parameters_file_gives_mistakes_with_places_and_never_an_exception() =>
        Fuzzer.Run(
            "parameters",
            Corpus.Of("Recyclic.Build.Tests", "parameters"),
            json =>
            {
                var mistakes = new List<string>();
                ParametersFile.Read("parameters.json", json, mistakes);
                foreach (var mistake in mistakes)
                    mistake.ShouldStartWith("parameters.json:");
            },
            _ => false
        );
}
