using System.Text.RegularExpressions;

namespace Recyclic.Docs.Tests;

public class DockerfileTests
{
    /// <summary>
    /// Else a checkout under <c>umask 077</c> makes an image whose user cannot read what was copied into it.
    /// </summary>
    [Test]
    public void Every_file_that_goes_into_an_image_has_a_mode_that_no_umask_changes()
    {
        var lines = new[] { "src", "samples", "bench", "tests" }
            .SelectMany(folder =>
                Directory.GetFiles(Path.Combine(Docs.Root, folder), "*Dockerfile", SearchOption.AllDirectories)
            )
            .SelectMany(file =>
                File.ReadLines(file)
                    .Where(line => line.StartsWith("COPY ", StringComparison.Ordinal))
                    .Select(line => $"{Path.GetRelativePath(Docs.Root, file)}: {line}")
            )
            .ToList();
        lines.ShouldNotBeEmpty();
        lines.Where(line => !Regex.IsMatch(line, "COPY --(chmod|from)=")).ShouldBeEmpty();
    }
}
