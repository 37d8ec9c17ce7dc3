namespace Recyclic.EndToEnd.Support;

/// <summary>
/// The one application that fixtures use one after another, as long as their tests pass: making and removing one takes
/// longer than most tests.
/// </summary>
internal static class SharedStack
{
    private static Stack? _stack;

    public static Stack Take() => _stack ??= new Stack(1);

    /// <summary>The next fixture gets a new one, if it was this.</summary>
    public static void Forget(Stack stack)
    {
        if (_stack == stack)
            _stack = null;
    }

    public static async Task RemoveAsync()
    {
        if (_stack is not null)
            await _stack.DisposeAsync();
        _stack = null;
    }
}
