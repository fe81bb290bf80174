using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace Shop.Catalog.Tests;

/// <summary>Words for what the tests do again and again.</summary>
internal static class ApiExtensions
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A valid product; a test changes what it is about.</summary>
    public static Dictionary<string, object?> Product(string name = "Umbrella") =>
        new()
        {
            ["name"] = name,
            ["description"] = "Keeps the rain off.",
            ["price"] = 19.90m,
            ["categories"] = new[] { "outdoor" },
        };

    public static async Task<JsonElement> GetJsonAsync(this HttpClient client, string path)
    {
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.JsonAsync();
    }

    public static Task<HttpResponseMessage> GetAnswerAsync(this HttpClient client, string path) =>
        client.GetAsync(new Uri(path, UriKind.Relative), Cancel);

    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response) =>
        await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);

    /// <summary>Creates a product and returns its path and ETag.</summary>
    public static async Task<(string Path, string Tag)> CreateAsync(
        this HttpClient admin,
        Dictionary<string, object?>? product = null
    )
    {
        using var response = await admin.WriteAsync(HttpMethod.Post, "/api/products", product ?? Product());
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return (response.Headers.Location!.ToString(), response.Headers.ETag!.Tag);
    }

    public static async Task<HttpResponseMessage> WriteAsync(
        this HttpClient client,
        HttpMethod method,
        string path,
        object? body = null,
        string? ifMatch = null
    )
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : JsonContent.Create(body);
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        return await client.SendAsync(request, Cancel);
    }

    /// <summary>Asserts that the answer is problem details of that status and kind, and returns them.</summary>
    public static async Task<JsonElement> ProblemAsync(
        this HttpResponseMessage response,
        HttpStatusCode status,
        string kind
    )
    {
        var body = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(status == response.StatusCode, $"{(int)response.StatusCode}: {body}");
        var problem = await response.JsonAsync();
        Assert.Equal("https://shop.example/problems/" + kind, problem.GetProperty("type").GetString());
        Assert.NotEqual("", problem.GetProperty("detail").GetString());
        return problem;
    }

    /// <summary>Asserts that the answer refuses exactly these fields.</summary>
    public static async Task RefusesAsync(this HttpResponseMessage response, params string[] fields)
    {
        var problem = await response.ProblemAsync(HttpStatusCode.BadRequest, "validation");
        Assert.Equal(
            fields.Order(),
            problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order()
        );
    }

    /// <summary>The messages about a product that wait to be sent, oldest first.</summary>
    public static Task<List<WaitingMessage>> MessagesAboutAsync(this RunningCatalog catalog, string path)
    {
        var id = path[(path.LastIndexOf('/') + 1)..];
        return catalog.WithAsync(
            (db, _) =>
                db
                    .Database.SqlQuery<WaitingMessage>(
                        $"SELECT id, type, destination, body::text AS body FROM outbox_messages WHERE correlation_id = {id}"
                    )
                    .OrderBy(message => message.Id)
                    .ToListAsync(Cancel)
        );
    }
}

/// <summary>A row of the outbox.</summary>
internal sealed record WaitingMessage(Guid Id, string Type, string Destination, string Body)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Body);
}
