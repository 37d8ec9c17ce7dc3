namespace Recyclic.Build.Adapters;

/// <summary>Reads a secret from a file or from standard input: all of it, without the line end after it.</summary>
internal static class SecretFile
{
    private const int Longest = 64 * 1024;
    private static readonly TimeSpan InputPatience = TimeSpan.FromMinutes(1);

    /// <exception cref="FormatException">There is no such file, or no secret in it; the message completes "…
    /// is".</exception>
    public static string Read(AbsolutePath path)
    {
        try
        {
            if (Directory.Exists(path))
                throw new FormatException("a directory, not a file");
            using var reader = new StreamReader(path);
            return Secret(ReadToEnd(reader));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FormatException(
                exception is FileNotFoundException or DirectoryNotFoundException
                    ? "not a file that exists"
                    : $"not readable: {exception.Message}",
                exception
            );
        }
    }

    /// <exception cref="FormatException">There is no secret in it, or it does not end; the message completes "…
    /// is".</exception>
    public static async Task<string> ReadAsync(TextReader input, CancellationToken cancellationToken)
    {
        try
        {
            // On a thread of its own: reading a console cannot be cancelled.
            return Secret(
                await Task.Run(() => ReadToEnd(input), CancellationToken.None)
                    .WaitAsync(InputPatience, cancellationToken)
            );
        }
        catch (TimeoutException exception)
        {
            throw new FormatException($"not at its end after {InputPatience.TotalSeconds} s", exception);
        }
    }

    private static string ReadToEnd(TextReader reader)
    {
        var buffer = new char[Longest + 1];
        var length = reader.ReadBlock(buffer);
        return length <= Longest
            ? new string(buffer, 0, length)
            : throw new FormatException($"longer than {Longest} characters");
    }

    private static string Secret(string text)
    {
        var secret =
            text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2]
            : text.EndsWith('\n') ? text[..^1]
            : text;
        return secret.Length > 0 ? secret : throw new FormatException("empty");
    }
}
