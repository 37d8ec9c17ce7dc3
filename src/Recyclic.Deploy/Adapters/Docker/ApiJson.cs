using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Recyclic.Deploy.Adapters.Docker;

[JsonSerializable(typeof(JsonNode))]
internal sealed partial class ApiJson : JsonSerializerContext;
