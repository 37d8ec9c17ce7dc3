namespace Recyclic.Load;

/// <summary>Why a request failed.</summary>
public enum FailureReason
{
    /// <summary>It did not: a complete response with a status from 200 to 399.</summary>
    None,

    /// <summary>Nobody listens at the address.</summary>
    Refused,

    /// <summary>The address cannot be reached, or no socket could be had.</summary>
    Unreachable,

    /// <summary>The other side reset the connection.</summary>
    Reset,

    /// <summary>The other side closed the connection before the response was complete.</summary>
    Closed,

    /// <summary>No complete response within <see cref="LoadPlan.Timeout"/> of the scheduled time.</summary>
    Timeout,

    /// <summary>Not HTTP/1.1.</summary>
    Malformed,

    /// <summary>A status from 500 to 599.</summary>
    ServerError,

    /// <summary>Any other status outside 200 to 399.</summary>
    UnexpectedStatus,

    /// <summary><see cref="LoadPlan.MaxInFlight"/> requests were under way; this one was never sent.</summary>
    Overflow,

    /// <summary>The client was cancelled while the request was under way. Not counted as failed.</summary>
    Cancelled,
}
