namespace Recyclic.Build.CI;

/// <summary>A job of GitLab CI (<c>GITLAB_CI</c>). A value that the runner has not set is null.</summary>
public sealed class GitLab : Host
{
    internal GitLab(IReadOnlyDictionary<string, string> environment)
        : base(environment) { }

    /// <summary>The job in which the build runs; null when it runs elsewhere.</summary>
    public static GitLab? Instance => Current<GitLab>();

    /// <summary>The branch or tag.</summary>
    public string? CommitRefName => Variable("CI_COMMIT_REF_NAME");

    /// <summary>The commit.</summary>
    public string? CommitSha => Variable("CI_COMMIT_SHA");

    /// <summary>The tag, in a pipeline for one.</summary>
    public string? CommitTag => Variable("CI_COMMIT_TAG");

    /// <summary>Unique in the instance of GitLab.</summary>
    public long? JobId => Number("CI_JOB_ID");

    /// <summary>The name of the job.</summary>
    public string? JobName => Variable("CI_JOB_NAME");

    /// <summary>The number of the merge request in its project, in a pipeline for one.</summary>
    public long? MergeRequestId => Number("CI_MERGE_REQUEST_IID");

    /// <summary>Unique in the instance of GitLab.</summary>
    public long? PipelineId => Number("CI_PIPELINE_ID");

    /// <summary><c>push</c>, <c>merge_request_event</c> and the like.</summary>
    public string? PipelineSource => Variable("CI_PIPELINE_SOURCE");

    /// <summary><c>group/name</c>.</summary>
    public string? ProjectPath => Variable("CI_PROJECT_PATH");

    /// <summary>Where GitLab is.</summary>
    public string? ServerUrl => Variable("CI_SERVER_URL");
}
