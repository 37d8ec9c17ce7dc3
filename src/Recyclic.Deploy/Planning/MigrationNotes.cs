using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Planning;

/// <summary>Pure: what a plan says of migrations across which there is no way back.</summary>
internal static class MigrationNotes
{
    public static IEnumerable<string> Of(Application app, Snapshot now, Release release)
    {
        var contracts = app.Services.Where(service => service.IsContract).Select(service => service.Name).ToList();
        if (contracts.Count > 0 && now.Current is { } current && !current.Release.Equals(release))
            yield return $"{string.Join(", ", contracts)} (contract) runs last, once {current.Release.Tag} has stopped: from then on no rollback goes to {current.Release.Tag}";
        if (Migrations.Between(now.Journal, release) is { } behind)
            yield return $"{release.Tag} was released before a contract migration of {behind.Release?.Tag}: see that its database is as {release.Tag} needs it";
    }
}
