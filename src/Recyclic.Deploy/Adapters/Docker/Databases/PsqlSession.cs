using System.Text;
using Recyclic.Deploy.Backups;
using Recyclic.Deploy.Running;
using Recyclic.Processes;

namespace Recyclic.Deploy.Adapters.Docker.Databases;

/// <summary>A psql that is told what to do, a script at a time, and answers by lines.</summary>
internal sealed class PsqlSession(IRunningCommand running) : IAsyncDisposable
{
    private readonly IAsyncEnumerator<string> _lines = running
        .ReadLinesAsync(CancellationToken.None)
        .GetAsyncEnumerator(CancellationToken.None);

    public async Task SayAsync(string script, CancellationToken cancellationToken)
    {
        await running.Input.WriteAsync(Encoding.UTF8.GetBytes(script), cancellationToken);
        await running.Input.FlushAsync(cancellationToken);
    }

    /// <summary>The next line.</summary>
    /// <exception cref="StepFailedException">psql has ended.</exception>
    public async Task<string> LineAsync(string what, CancellationToken cancellationToken) =>
        await _lines.MoveNextAsync().AsTask().WaitAsync(cancellationToken)
            ? _lines.Current
            : throw ServerProgram.Failure(what, await running.Ended.WaitAsync(cancellationToken));

    /// <summary>The tables, up to the end of the answers.</summary>
    public async Task<List<TableDigest>> TablesAsync(string what, CancellationToken cancellationToken)
    {
        var tables = new List<TableDigest>();
        while (await LineAsync(what, cancellationToken) is var line && line != SnapshotSql.End)
            tables.Add(SnapshotSql.ReadTable(line));
        return tables;
    }

    /// <summary>What it still has to say, once it is told nothing more.</summary>
    public async Task<List<string>> EndAsync(string what, CancellationToken cancellationToken)
    {
        await running.Input.DisposeAsync();
        var lines = new List<string>();
        while (await _lines.MoveNextAsync().AsTask().WaitAsync(cancellationToken))
            lines.Add(_lines.Current);
        var ended = await running.Ended.WaitAsync(cancellationToken);
        return ended.Succeeded ? lines : throw ServerProgram.Failure(what, ended);
    }

    public ValueTask DisposeAsync() => running.DisposeAsync();
}

/// <summary>What a server's program failed with.</summary>
internal static class ServerProgram
{
    private const int MostLines = 12;

    public static StepFailedException Failure(string what, CommandResult ended)
    {
        var lines = ended.StandardError.Split(
            '\n',
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );
        return new StepFailedException(
            $"{what} failed: {PrintableText.Of(lines.FirstOrDefault() ?? $"it ended with exit code {ended.ExitCode}", 500)}",
            [.. lines.Skip(1).TakeLast(MostLines)]
        );
    }
}
