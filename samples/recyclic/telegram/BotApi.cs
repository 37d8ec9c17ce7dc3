using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Recyclic.Sample.BotApi;

/// <summary>
/// As much of Telegram's Bot API as a bot needs that answers messages. Of two that poll, the later gets what there is,
/// and the earlier <c>409 Conflict</c>.
/// </summary>
internal static class BotApi
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(50);

    /// <summary>Answers <c>/bot&lt;token&gt;/&lt;method&gt;</c>, whatever the token is.</summary>
    public static void MapBotApi(this WebApplication app) =>
        app.MapPost(
            "/bot{token}/{method}",
            async (string method, HttpContext context, Chat chat, IHostApplicationLifetime life) =>
            {
                using var ends = CancellationTokenSource.CreateLinkedTokenSource(
                    context.RequestAborted,
                    life.ApplicationStopping
                );
                var arguments = await ReadAsync(context.Request, ends.Token);
                return method.ToLowerInvariant() switch
                {
                    "getme" => Ok(
                        new JsonObject
                        {
                            ["id"] = 1,
                            ["is_bot"] = true,
                            ["first_name"] = "bot",
                            ["username"] = "sample_bot",
                        }
                    ),
                    "getupdates" => await chat.PollAsync(Number(arguments, "offset"), Wait(arguments), ends.Token)
                        is { } messages
                        ? Ok(Updates(messages))
                        : Failed(
                            409,
                            "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
                        ),
                    "sendmessage" => Ok(Message(0, DateTimeOffset.UtcNow, arguments["text"]?.GetValue<string>() ?? "")),
                    _ => Failed(404, "Not Found"),
                };
            }
        );

    private static async Task<JsonObject> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!request.HasJsonContentType())
            return [];
        try
        {
            return await JsonNode.ParseAsync(request.Body, cancellationToken: cancellationToken) as JsonObject ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static int Number(JsonObject arguments, string name) => arguments[name]?.GetValue<int>() ?? 0;

    private static TimeSpan Wait(JsonObject arguments)
    {
        var asked = TimeSpan.FromSeconds(Math.Max(0, Number(arguments, "timeout")));
        return asked < LongestWait ? asked : LongestWait;
    }

    private static JsonArray Updates(ImmutableArray<Incoming> messages) =>
        [
            .. messages.Select(message => new JsonObject
            {
                ["update_id"] = message.Id,
                ["message"] = Message(message.Id, message.At, message.Text),
            }),
        ];

    private static JsonObject Message(int id, DateTimeOffset at, string text) =>
        new()
        {
            ["message_id"] = id,
            ["date"] = at.ToUnixTimeSeconds(),
            ["chat"] = new JsonObject
            {
                ["id"] = 2,
                ["type"] = "private",
                ["first_name"] = "Ann",
            },
            ["text"] = text,
        };

    private static IResult Ok(JsonNode result) => Answer(200, new JsonObject { ["ok"] = true, ["result"] = result });

    private static IResult Failed(int code, string why) =>
        Answer(
            code,
            new JsonObject
            {
                ["ok"] = false,
                ["error_code"] = code,
                ["description"] = why,
            }
        );

    private static IResult Answer(int code, JsonObject body) =>
        Results.Text(body.ToJsonString(), "application/json", statusCode: code);
}
