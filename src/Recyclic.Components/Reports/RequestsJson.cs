using System.Text.Json.Nodes;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Reports;

internal static class RequestsJson
{
    public static JsonObject Of(RequestCount requests) =>
        new()
        {
            ["total"] = requests.Total,
            ["failed"] = requests.Failed,
            ["held"] = requests.Held,
            ["longestHeldMs"] = requests.LongestHeldMs,
        };
}
