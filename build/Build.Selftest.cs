using Recyclic.Selftest;

/// <summary>The fault matrix, on this machine's engine.</summary>
partial class Build : ISelftest;
