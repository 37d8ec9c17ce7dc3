using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Planning;

/// <summary>What every part of a plan goes by: users are on one slot and are to get the other.</summary>
/// <param name="Now">What is on the host.</param>
/// <param name="From">The slot that they are on; null: none yet.</param>
/// <param name="To">The slot that they get.</param>
/// <param name="Release">What they get in it.</param>
/// <param name="Options">With the time that services need.</param>
internal sealed record SlotChange(Snapshot Now, Slot? From, Slot To, Release Release, DeployOptions Options);
