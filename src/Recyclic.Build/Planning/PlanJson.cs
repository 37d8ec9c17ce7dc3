using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Recyclic.Build.Planning;

/// <summary>
/// A plan for programs: <c>{schemaVersion, targets: [{name, description, invoked, skipped, dependsOn, after, triggers,
/// produces, outputs, inputs, unchanged, changes}]}</c>, in the order of the run; <c>skipped</c> is the reason, or
/// null. Of a target with <c>inputs</c>, <c>unchanged</c> says whether it would be left out if its turn came now, and
/// <c>changes</c> why. </summary>
internal static class PlanJson
{
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Of(BuildPlan plan)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteNumber("schemaVersion", 1);
            json.WriteStartArray("targets");
            foreach (var planned in plan.Targets)
                Write(json, planned);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Write(Utf8JsonWriter json, PlannedTarget planned)
    {
        json.WriteStartObject();
        json.WriteString("name", planned.Target.Name);
        json.WriteString("description", planned.Target.Description);
        json.WriteBoolean("invoked", planned.IsInvoked);
        json.WriteString("skipped", planned.SkipReason);
        Write(json, "dependsOn", planned.Target.Node.DependsOn);
        Write(json, "after", planned.Target.Node.After);
        Write(json, "triggers", planned.Target.Node.Triggers);
        Write(json, "produces", planned.Target.Produces);
        Write(json, "outputs", planned.Target.Outputs.Select(output => output.Name));
        Write(json, "inputs", planned.Target.Inputs);
        json.WriteBoolean("unchanged", planned.IsUnchanged);
        json.WriteString("changes", planned.Changes);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
