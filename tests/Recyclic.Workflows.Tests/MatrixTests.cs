using System.Collections.Immutable;
using Recyclic.Workflows.Rehearsal;

namespace Recyclic.Workflows.Tests;

/// <summary>A matrix has the combinations that GitHub makes of it, whoever reads it.</summary>
public class MatrixTests
{
    [Test]
    public async Task The_file_is_read_as_GitHub_reads_it()
    {
        // The example of GitHub's own documentation, with machines and parts in place of fruit and animals.
        var (files, error) = await Shop.GenerateAsync(b =>
            [
                b.Ci with
                {
                    Places =
                    [
                        new(b.Test)
                        {
                            Matrix = [Axis.Runner("apple", "pear"), new("test-part", "cat", "dog")],
                            Include =
                            [
                                Combination.Of("depth", "shallow"),
                                Combination.Of("depth", "very-deep").And("test-part", "cat"),
                                Combination.On("apple").And("tag", "circle"),
                                Combination.On("banana"),
                                Combination.On("banana").And("test-part", "cat"),
                            ],
                        },
                    ],
                },
            ]
        );
        error.ShouldBeEmpty();
        var job = WorkflowReader.Read("ci.yml", files[0].Text).Jobs.Single(job => job.Id == "test");
        job.Matrix.Select(Text)
            .ShouldBe([
                "depth=very-deep runner=apple tag=circle test-part=cat",
                "depth=shallow runner=apple tag=circle test-part=dog",
                "depth=very-deep runner=pear test-part=cat",
                "depth=shallow runner=pear test-part=dog",
                "runner=banana",
                "runner=banana test-part=cat",
            ]);
    }

    [Test]
    public async Task What_is_left_out_is_left_out_of_the_dimensions_and_not_of_what_is_added()
    {
        var (files, error) = await Shop.GenerateAsync(b =>
            [
                b.Ci with
                {
                    Places =
                    [
                        new(b.Test)
                        {
                            Matrix = [Axis.Runner("a", "b"), new("test-part", "1", "2")],
                            Exclude = [Combination.On("b")],
                            Include = [Combination.On("b").And("test-part", "3")],
                        },
                    ],
                },
            ]
        );
        error.ShouldBeEmpty();
        WorkflowReader
            .Read("ci.yml", files[0].Text)
            .Jobs.Single(job => job.Id == "test")
            .Matrix.Select(Text)
            .ShouldBe(["runner=a test-part=1", "runner=a test-part=2", "runner=b test-part=3"]);
    }

    [Test]
    public async Task On_GitLab_they_are_written_out()
    {
        var system = GitLabFileTests.System with
        {
            Tags = GitLabFileTests.System.Tags.Add("a", ["tag-a"]).Add("b", ["tag-b"]),
        };
        var text = await GitLabFileTests.GenerateAsync(
            b =>
                [
                    b.Ci with
                    {
                        Places =
                        [
                            new(b.Test)
                            {
                                Matrix = [Axis.Runner("a", "b"), new("test-part", "1", "2")],
                                Exclude = [Combination.On("b").And("test-part", "2")],
                                Include = [Combination.On("b").And("test-part", "3")],
                            },
                        ],
                    },
                ],
            system
        );
        var matrix = GitLab.GitLabPipeline.Read(text, "ci").Workflow.Jobs.Single(job => job.Id == "test").Matrix;
        matrix
            .Select(Text)
            .ShouldBe([
                "RUN_ON=tag-a TEST_PART=1",
                "RUN_ON=tag-a TEST_PART=2",
                "RUN_ON=tag-b TEST_PART=1",
                "RUN_ON=tag-b TEST_PART=3",
            ]);
    }

    private static string Text(ImmutableSortedDictionary<string, string> combination) =>
        string.Join(' ', combination.Select(value => $"{value.Key}={value.Value}"));
}
