using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Shop.EndToEnd.Walk;

namespace Shop.AppHost.Tests;

/// <summary>What is a text for GraphQL is one for the services behind it, too.</summary>
public sealed class HostileArgumentTests(RunningShop shop)
{
    private const int Attempts = 5;

    // By the rules of GraphQL, or by those of the service that was asked.
    private static readonly string[] s_callersFault = ["INVALID_VALUE", "SYNTAX_ERROR", "BAD_USER_INPUT"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_text_among_the_arguments_of_a_query_is_a_value_and_nothing_else()
    {
        var fields = await AskAsync(
            "{__schema{queryType{fields{name args{name defaultValue type{kind name ofType{name}}}}}}}",
            null
        );
        var tried = 0;
        foreach (var field in fields["data"]!["__schema"]!["queryType"]!["fields"]!.AsArray())
        {
            var arguments = field!["args"]!.AsArray().Select(argument => argument!).ToList();
            foreach (var argument in arguments.Where(argument => TypeOf(argument).Trim('!') is "String" or "ID"))
            {
                // What else it needs.
                var others = string.Concat(
                    arguments
                        .Where(other => other != argument && TypeOf(other) is "String!")
                        .Select(other => $", {other["name"]}: \"lamp\"")
                );
                foreach (var text in HostileTexts.All)
                {
                    var query =
                        $"query($x: {TypeOf(argument)}) {{ {field["name"]}({argument["name"]}: $x{others}) {{ __typename }} }}";
                    await IsAValueAsync(query, text);
                    await IsAValueAsync(
                        query
                            .Replace($"query($x: {TypeOf(argument)})", "", StringComparison.Ordinal)
                            .Replace("$x", JsonSerializer.Serialize(text), StringComparison.Ordinal),
                        null
                    );
                    tried++;
                }
            }
        }

        Assert.True(tried >= 7 * HostileTexts.All.Count, $"Only {tried} were tried.");
    }

    private async Task IsAValueAsync(string query, string? text)
    {
        var answer = await AskAsync(query, text);

        var said = $"{query} with '{text}' answered {answer}";
        Assert.DoesNotContain(HostileTexts.Result, said, StringComparison.Ordinal);
        // A problem has its errors by field; these are the query's.
        foreach (var error in answer["errors"] as JsonArray ?? [])
            Assert.Contains($"{error!["extensions"]!["code"]}", s_callersFault);
    }

    /// <summary>Asks again while a busy machine answers that a service is unavailable.</summary>
    private async Task<JsonNode> AskAsync(string query, string? text)
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = await AskOnceAsync(query, text);
            var isUnavailable = (answer["errors"] as JsonArray ?? []).Any(error =>
                $"{error!["extensions"]!["code"]}" == "UNAVAILABLE"
            );
            if (!isUnavailable || attempt == Attempts)
                return answer;
            await Task.Delay(TimeSpan.FromSeconds(attempt), Cancel);
        }
    }

    private async Task<JsonNode> AskOnceAsync(string query, string? text)
    {
        var body = new JsonObject
        {
            ["query"] = query,
            ["variables"] = new JsonObject { ["x"] = text },
        };
        using var content = new StringContent(
            HostileTexts.InJson(body.ToJsonString()),
            System.Text.Encoding.UTF8,
            "application/json"
        );
        using var response = await shop.Client.Http.PostAsync(new Uri("/graphql", UriKind.Relative), content, Cancel);
        var answer = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(
            response.StatusCode is HttpStatusCode.OK or HttpStatusCode.BadRequest,
            $"{query} with '{text}' answered {(int)response.StatusCode}: {answer}"
        );
        return JsonNode.Parse(answer)!;
    }

    private static string TypeOf(JsonNode argument) =>
        $"{argument["type"]!["kind"]}" == "NON_NULL"
            ? $"{argument["type"]!["ofType"]!["name"]}!"
            : $"{argument["type"]!["name"]}";
}
