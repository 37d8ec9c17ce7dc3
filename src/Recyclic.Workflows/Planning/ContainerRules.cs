namespace Recyclic.Workflows.Planning;

/// <summary>What containers must be. Pure.</summary>
internal static class ContainerRules
{
    public static IEnumerable<string> Mistakes(Place place, string where)
    {
        if (place.Container is { } container)
        {
            foreach (var mistake in Mistakes(container, $"{where}: its Container"))
                yield return mistake;
            if (place.Extra.Find("container") is not null)
                yield return $"{where} has a Container, and Extra has container: say it once";
        }
        foreach (var service in place.Services)
        {
            if (!Names.IsIdentifier(service.Name))
                yield return $"{where}: '{service.Name}' cannot be the name of a service: letters, digits, - and _, a letter first";
            foreach (var mistake in Mistakes(service.Container, $"{where}: the service {service.Name}"))
                yield return mistake;
        }
        foreach (
            var twice in place
                .Services.GroupBy(service => service.Name, StringComparer.OrdinalIgnoreCase)
                .Where(same => same.Count() > 1)
        )
            yield return $"{where}: two services are called {twice.Key}: give one of them another name";
        if (!place.Services.IsEmpty && place.Extra.Find("services") is not null)
            yield return $"{where} has Services, and Extra has services: say them once";
    }

    private static IEnumerable<string> Mistakes(Container container, string where)
    {
        if (string.IsNullOrWhiteSpace(container.Image))
            yield return $"{where} has no image";
        else if (ConditionRules.OfText(container.Image) is { } open)
            yield return $"{where} has an image that {open}";
        if (container.Ports.Concat(container.Volumes).Append(container.Options ?? "-").Any(string.IsNullOrWhiteSpace))
            yield return $"{where} has an empty port, volume or option: leave it out";
        if (
            container.Credentials is { } credentials
            && !(Names.IsVariable(credentials.UserVariable) && Names.IsVariable(credentials.PasswordSecret))
        )
            yield return $"{where} has credentials that are no names: say the variable that has the user's name, and the secret that has the password";
        foreach (var mistake in EnvRules.Mistakes(container.Env, where))
            yield return mistake;
    }
}
