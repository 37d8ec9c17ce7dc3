namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>The engine did not answer, or answered that it cannot.</summary>
public sealed class EngineException(string message) : Exception(message);
