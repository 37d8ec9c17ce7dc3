using Recyclic.Processes;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>A program's output and input as one stream; disposing it ends the program.</summary>
internal sealed class CommandStream(IRunningCommand command) : Stream
{
    public override bool CanRead => true;
    public override bool CanWrite => true;
    public override bool CanSeek => false;
    public override long Length => throw new NotSupportedException();
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => command.Output.Read(buffer, offset, count);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        command.Output.ReadAsync(buffer, cancellationToken);

    public override void Write(byte[] buffer, int offset, int count) => command.Input.Write(buffer, offset, count);

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        await command.Input.WriteAsync(buffer, cancellationToken);
        await command.Input.FlushAsync(cancellationToken);
    }

    public override void Flush() => command.Input.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => command.Input.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _ = command.DisposeAsync().AsTask();
        base.Dispose(disposing);
    }
}
