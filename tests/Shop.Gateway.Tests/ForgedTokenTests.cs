using System.Net;
using Shop.Testing;

namespace Shop.Gateway.Tests;

/// <summary>Tokens of an admin that must not count, at the shop's door.</summary>
public sealed class ForgedTokenTests
{
    private static readonly string[] Services = ["ordering", "billing", "users", "notifications"];

    [Theory]
    [MemberData(nameof(ForgedTokens.Kinds), MemberType = typeof(ForgedTokens))]
    public async Task A_token_that_does_not_count_is_refused_without_a_reason_and_no_service_is_asked(string kind)
    {
        await using var tokens = await TestTokens.StartAsync();
        await using var backend = await Backend.StartAsync("{}");
        await using var gateway = await RunningGateway.StartAsync([
            $"Identity:Authority={tokens.Authority}",
            .. Services.Select(service => $"services:{service}:http:0={backend.Address}"),
        ]);
        var forged = ForgedTokens.Make(kind, tokens);

        foreach (var path in (string[])["/api/orders", "/api/invoices", "/api/dashboard"])
        {
            using var response = await AskAsync(gateway, path, forged);

            var problem = await response.ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
            Assert.Equal("Bearer error=\"invalid_token\"", response.Headers.WwwAuthenticate.ToString());
            Assert.Equal("Sign in, and send the access token.", problem.GetProperty("detail").GetString());
            Assert.Equal(
                ["correlationId", "detail", "status", "title", "traceId", "type"],
                problem.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal)
            );
            Assert.Empty(backend.Requests);
        }

        // With a good one they are asked, so it is not for some other reason that nobody was.
        using var good = await AskAsync(gateway, "/api/orders", tokens.Issue(Guid.CreateVersion7(), "admin"));
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        Assert.Single(backend.Requests);
    }

    private static Task<HttpResponseMessage> AskAsync(RunningGateway gateway, string path, string token)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        request.Headers.Add("X-User-ID", $"{Guid.CreateVersion7()}");
        request.Headers.Add("X-User-Role", "admin");
        return gateway.SendAsync(request);
    }
}
