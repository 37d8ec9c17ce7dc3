using System.Text;

namespace Recyclic.Build.Adapters;

/// <summary>Asks the person at the terminal.</summary>
internal static class TerminalPrompt
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Whether somebody can read a question and answer it: keyboard and screen are there, and no build server runs us.
    /// </summary>
    public static bool IsPossible(IReadOnlyDictionary<string, string> environment) =>
        !Console.IsInputRedirected
        && !Console.IsErrorRedirected
        && environment.GetValueOrDefault("TERM") != "dumb"
        && string.IsNullOrEmpty(environment.GetValueOrDefault("CI"))
        && string.IsNullOrEmpty(environment.GetValueOrDefault("GITHUB_ACTIONS"));

    /// <summary>The answer, or null when there is none.</summary>
    public static async Task<string?> AskAsync(string question, bool isHidden, CancellationToken cancellationToken)
    {
        // On a thread of its own: reading a console cannot be cancelled. Before the question: reading is what stops the
        // echo.
        var answer = Task.Run(
            () => isHidden ? ReadHidden(cancellationToken) : Console.ReadLine(),
            CancellationToken.None
        );
        await WriteAsync($"{question}: ", cancellationToken);
        try
        {
            var text = await answer.WaitAsync(Patience, cancellationToken);
            if (isHidden)
                await WriteAsync("\n", cancellationToken);
            return text;
        }
        catch (TimeoutException)
        {
            await WriteAsync("\n", cancellationToken);
            return null;
        }
    }

    private static string? ReadHidden(CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        while (!cancellationToken.IsCancellationRequested)
        {
            var key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter)
                break;
            if (key.Key == ConsoleKey.Backspace)
                text.Length = Math.Max(0, text.Length - 1);
            else if (key.KeyChar == '\u0004')
                return null;
            else if (!char.IsControl(key.KeyChar))
                text.Append(key.KeyChar);
        }
        return text.ToString();
    }

    /// <summary>Straight to the screen: whatever holds back what others print does not hold back a question.</summary>
    private static async Task WriteAsync(string text, CancellationToken cancellationToken)
    {
        await using var screen = Console.OpenStandardError();
        await screen.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
    }
}
