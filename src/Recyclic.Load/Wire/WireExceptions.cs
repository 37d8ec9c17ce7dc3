namespace Recyclic.Load;

/// <summary>The other side sent something that is not an HTTP/1.1 response.</summary>
internal sealed class MalformedResponseException(string message) : Exception(message);

/// <summary>The other side closed the connection before the response was complete.</summary>
internal sealed class ConnectionClosedException(string message) : Exception(message);
