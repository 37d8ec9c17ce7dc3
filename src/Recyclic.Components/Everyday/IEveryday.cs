namespace Recyclic.Components;

/// <summary>All commands of the days between two deploys.</summary>
public interface IEveryday : ILogs, IPs, IExec;
