using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Shop.EndToEnd.Walk;

/// <summary>What is somebody else's is not there, and nobody gives themselves a role.</summary>
[Collection<SharedWalkers>]
public sealed class OwnershipTests(Walkers walkers)
{
    private static readonly string[] s_kinds = ["orders", "payments", "invoices", "notifications"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_another_customers_is_as_good_as_not_there_under_every_address()
    {
        var api = await ApiDescription.ReadAsync(walkers.Http);
        var operations = api
            .Operations.Where(operation =>
                s_kinds.Any(kind => operation.Path.StartsWith($"/api/{kind}/{{id}}", StringComparison.Ordinal))
            )
            .ToList();
        Assert.True(operations.Count >= 12, $"Only {string.Join(", ", operations)} are described.");

        foreach (var operation in operations)
        {
            var theirs = walkers.IdFor(operation.Path, new Random(1));
            var (status, title) = await AskAsync(operation, theirs);
            var (unknownStatus, unknownTitle) = await AskAsync(operation, Guid.CreateVersion7().ToString());

            // An operator's operation refuses a customer before it looks.
            Assert.True(
                status == (IsForOperators(operation) ? HttpStatusCode.Forbidden : HttpStatusCode.NotFound),
                $"{operation} answered {(int)status} for what is somebody else's."
            );
            Assert.Equal((unknownStatus, unknownTitle), (status, title));
        }
    }

    [Fact]
    public async Task Lists_show_nothing_of_other_customers()
    {
        foreach (var kind in s_kinds)
        {
            var list = await walkers.SendAsync("stranger", HttpMethod.Get, $"/api/{kind}", null);

            Assert.Equal(0, list.GetProperty("total").GetInt32());
        }
    }

    [Theory]
    [InlineData(
        "POST",
        "/api/users",
        """{"email":"@","name":"Eve","password":"Pa55-word!","roles":["admin"]}""",
        "roles"
    )]
    [InlineData("POST", "/api/users", """{"email":"@","name":"Eve","password":"Pa55-word!","role":"admin"}""", "role")]
    [InlineData(
        "POST",
        "/api/users",
        """{"email":"@","name":"Eve","password":"Pa55-word!","isAdmin":true}""",
        "isAdmin"
    )]
    [InlineData("PATCH", "/api/users/me", """{"roles":["admin"]}""", "roles")]
    [InlineData("PATCH", "/api/users/me", """{"id":"01900000-0000-7000-8000-000000000003"}""", "id")]
    [InlineData(
        "PUT",
        "/api/users/me/preferences",
        """{"email":true,"sms":false,"push":true,"role":"admin"}""",
        "role"
    )]
    [InlineData("PUT", "/api/users/me/roles", """{"roles":["admin"]}""", null)]
    public async Task A_body_gives_nobody_a_role(string method, string path, string body, string? refused)
    {
        using var request = walkers.RequestOf("stranger", new HttpMethod(method), path);
        request.Content = new StringContent(
            body.Replace("@", $"eve-{Guid.NewGuid():N}@example.com", StringComparison.Ordinal),
            System.Text.Encoding.UTF8,
            "application/json"
        );

        using var response = await walkers.Http.SendAsync(request, Cancel);

        if (refused is null)
        {
            // The monolith looks for a file of that name, which a PUT does not get.
            Assert.Contains(
                response.StatusCode,
                new[] { HttpStatusCode.NotFound, HttpStatusCode.Forbidden, HttpStatusCode.MethodNotAllowed }
            );
        }
        else
        {
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);
            Assert.Equal(refused, Assert.Single(problem.GetProperty("errors").EnumerateObject()).Name);
        }

        var me = await walkers.SendAsync("stranger", HttpMethod.Get, "/api/users/me", null);
        Assert.Equal("customer", Assert.Single(me.GetProperty("roles").EnumerateArray()).GetString());
    }

    [Fact]
    public async Task A_token_has_the_roles_of_the_account_whatever_else_is_asked_for()
    {
        var token = await walkers.SignInAsync("stranger", ("role", "admin"), ("claims", "{\"role\":\"admin\"}"));

        var payload = JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(token.Split('.')[1]));
        Assert.Equal("customer", payload.GetProperty("role").ToString());
    }

    [Theory]
    [InlineData("admin")]
    [InlineData("shop admin")]
    [InlineData("shop openid roles:admin")]
    public async Task A_scope_that_there_is_not_is_refused(string scope)
    {
        using var form = walkers.SignInForm("stranger", ("scope", scope));

        using var response = await walkers.Http.PostAsync(new Uri("/connect/token", UriKind.Relative), form, Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Equal("invalid_scope", answer.GetProperty("error").GetString());
    }

    private async Task<(HttpStatusCode Status, string? Title)> AskAsync(Operation operation, string id)
    {
        var path = operation.Path.Replace("{id}", id, StringComparison.Ordinal);
        using var request = walkers.RequestOf("stranger", new HttpMethod(operation.Method), path);
        if (operation.Described["requestBody"] is not null)
            request.Content = JsonContent.Create(new { });
        using var response = await walkers.Http.SendAsync(request, Cancel);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        return (response.StatusCode, problem.GetProperty("title").GetString());
    }

    private static bool IsForOperators(Operation operation) =>
        operation.Described["responses"]!.AsObject().ContainsKey("403");
}
