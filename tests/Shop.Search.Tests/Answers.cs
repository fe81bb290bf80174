using System.Net;
using System.Text.Json;

namespace Shop.Search.Tests;

/// <summary>Words for what the tests ask and read.</summary>
internal static class Answers
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<JsonElement> SearchAsync(this RunningSearch search, string query)
    {
        using var response = await search.AskAsync("/api/search?" + query);
        var body = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{(int)response.StatusCode}: {body}");
        return JsonSerializer.Deserialize<JsonElement>(body);
    }

    public static async Task<JsonElement> SuggestAsync(this RunningSearch search, string text)
    {
        using var response = await search.AskAsync("/api/search/suggest?q=" + Uri.EscapeDataString(text));
        var body = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{(int)response.StatusCode}: {body}");
        return JsonSerializer.Deserialize<JsonElement>(body);
    }

    public static Task<HttpResponseMessage> AskAsync(this RunningSearch search, string path) =>
        search.Client.GetAsync(new Uri(path, UriKind.Relative), Cancel);

    public static string Q(string text) => "q=" + Uri.EscapeDataString(text);

    public static string[] Names(this JsonElement answer) =>
        [.. answer.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString()!)];

    public static string? Cursor(this JsonElement answer) => answer.GetProperty("nextCursor").GetString();

    /// <summary>Asserts that the answer refuses exactly these parameters.</summary>
    public static async Task RefusesAsync(this HttpResponseMessage response, params string[] parameters)
    {
        var body = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.StatusCode == HttpStatusCode.BadRequest, $"{(int)response.StatusCode}: {body}");
        var problem = JsonSerializer.Deserialize<JsonElement>(body);
        Assert.Equal("https://shop.example/problems/validation", problem.GetProperty("type").GetString());
        Assert.Equal(
            parameters.Order(),
            problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order()
        );
    }
}
