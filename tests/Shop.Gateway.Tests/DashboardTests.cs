using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Shop.Testing;

namespace Shop.Gateway.Tests;

public sealed class DashboardTests
{
    private const string User = "01900000-0000-7000-8000-000000000009";

    private static readonly Dictionary<string, string> Answers = new()
    {
        ["users"] =
            $$"""{"id":"{{User}}","email":"ada@example.org","name":"Ada","phoneNumber":null,"preferences":{},"roles":["customer"]}""",
        ["ordering"] =
            $$"""{"items":[{"id":"{{User}}","userId":"{{User}}","status":"Shipped","itemCount":7,"items":[{"productId":"{{User}}","name":"Lamp","unitPrice":19.90,"quantity":2,"discontinued":false}],"total":39.80,"currency":"USD","createdAt":"2026-01-02T03:04:05+00:00"}],"page":1,"pageSize":5,"total":12}""",
        ["billing"] =
            $$"""{"items":[{"id":"{{User}}","number":"R-1","orderId":"{{User}}","userId":"{{User}}","status":"UNPAID","total":39.80,"currency":"USD","issuedAt":"2026-01-02T03:04:05+00:00","dueAt":"2026-02-02T03:04:05+00:00","paidAt":null,"creditNoteNumber":null}],"page":1,"pageSize":10,"total":1}""",
        ["notifications"] = """{"items":[],"page":1,"pageSize":10,"total":0}""",
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_request_brings_all_parts_and_the_services_are_asked_at_the_same_time()
    {
        // Nobody answers before everybody was asked.
        var asked = 0;
        var everybody = new TaskCompletionSource();
        await using var shop = await Services.StartAsync(service =>
            async context =>
            {
                if (Interlocked.Increment(ref asked) == Answers.Count)
                {
                    everybody.SetResult();
                }

                await everybody.Task.WaitAsync(context.RequestAborted);
                await AnswerAsync(context, Answers[service]);
            }
        );

        using var response = await shop.Gateway.GetAsync("/api/dashboard");

        var dashboard = await ReadAsync(response);
        Assert.Equal("Ada", dashboard.GetProperty("profile").GetProperty("name").GetString());
        var orders = dashboard.GetProperty("orders");
        Assert.Equal(12, orders.GetProperty("total").GetInt32());
        var order = Assert.Single(orders.GetProperty("items").EnumerateArray());
        Assert.Equal("Shipped", order.GetProperty("status").GetString());
        Assert.Equal("39.80", order.GetProperty("total").GetRawText());
        Assert.Equal("Lamp", order.GetProperty("items")[0].GetProperty("name").GetString());
        Assert.Equal(
            "R-1",
            dashboard.GetProperty("invoices").GetProperty("items")[0].GetProperty("number").GetString()
        );
        Assert.Empty(dashboard.GetProperty("notifications").GetProperty("items").EnumerateArray());
        Assert.Empty(dashboard.GetProperty("unavailable").EnumerateArray());
        Assert.Contains("no-store", response.Headers.CacheControl?.ToString(), StringComparison.Ordinal);
        var invoices = Assert.Single(shop["billing"].Requests).Target;
        Assert.Contains("status=UNPAID", invoices, StringComparison.Ordinal);
        Assert.Contains("mine=true", invoices, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_service_hears_who_asks_and_for_which_request()
    {
        await using var shop = await Services.StartAsync(service => context => AnswerAsync(context, Answers[service]));
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/dashboard");
        request.Headers.Add("X-User-ID", $"{Guid.NewGuid()}");
        request.Headers.Add("X-User-Role", "admin");
        request.Headers.Add("X-Correlation-ID", "dashboard-42");
        request.Headers.Add("Cookie", "not=for-services");

        using var response = await shop.Gateway.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        foreach (var service in Answers.Keys)
        {
            var seen = Assert.Single(shop[service].Requests).Headers;
            Assert.Equal($"{shop.Gateway.Client.DefaultRequestHeaders.Authorization}", seen["Authorization"]);
            Assert.Equal(User, seen["X-User-ID"]);
            Assert.Equal("customer", seen["X-User-Role"]);
            Assert.Equal("dashboard-42", seen["X-Correlation-ID"]);
            Assert.DoesNotContain("Cookie", seen.Keys);
        }
    }

    [Theory]
    [InlineData("users", "profile", "silent")]
    [InlineData("ordering", "orders", "broken")]
    [InlineData("billing", "invoices", "dead")]
    [InlineData("notifications", "notifications", "garbled")]
    public async Task A_part_that_cannot_be_had_is_named_and_the_others_are_shown(
        string service,
        string part,
        string trouble
    )
    {
        await using var shop = await Services.StartAsync(each =>
            (each == service ? trouble : "") switch
            {
                "silent" => Backend.StaySilentAsync,
                "dead" => Backend.DieAsync,
                "broken" => context => FailAsync(context, HttpStatusCode.InternalServerError),
                "garbled" => context => AnswerAsync(context, """{"items":"""),
                _ => context => AnswerAsync(context, Answers[each]),
            }
        );

        using var response = await shop.Gateway.GetAsync("/api/dashboard");

        var dashboard = await ReadAsync(response);
        Assert.Equal([part], dashboard.GetProperty("unavailable").EnumerateArray().Select(name => name.GetString()));
        foreach (var name in new[] { "profile", "orders", "invoices", "notifications" })
        {
            var expected = name == part ? JsonValueKind.Null : JsonValueKind.Object;
            Assert.Equal(expected, dashboard.GetProperty(name).ValueKind);
        }
    }

    [Fact]
    public async Task A_service_that_keeps_failing_is_left_alone_and_its_part_is_named()
    {
        await using var shop = await Services.StartAsync(failing: "users", HttpStatusCode.ServiceUnavailable);
        // With its tries again more than the circuit needs.
        for (var i = 0; i < 4; i++)
        {
            using var failed = await shop.Gateway.GetAsync("/api/dashboard");
            await ReadAsync(failed);
        }

        shop["users"].Requests.Clear();
        using var response = await shop.Gateway.GetAsync("/api/dashboard");

        var dashboard = await ReadAsync(response);
        Assert.Equal("profile", Assert.Single(dashboard.GetProperty("unavailable").EnumerateArray()).GetString());
        Assert.Empty(shop["users"].Requests);
    }

    [Fact]
    public async Task Without_an_account_there_is_no_profile_and_nothing_is_down()
    {
        await using var shop = await Services.StartAsync(failing: "users", HttpStatusCode.NotFound);

        using var response = await shop.Gateway.GetAsync("/api/dashboard");

        var dashboard = await ReadAsync(response);
        Assert.Equal(JsonValueKind.Null, dashboard.GetProperty("profile").ValueKind);
        Assert.Empty(dashboard.GetProperty("unavailable").EnumerateArray());
    }

    [Fact]
    public async Task Whom_one_service_does_not_know_gets_nothing()
    {
        await using var shop = await Services.StartAsync(failing: "billing", HttpStatusCode.Unauthorized);

        using var response = await shop.Gateway.GetAsync("/api/dashboard");

        await response.ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task When_nothing_can_be_had_the_dashboard_is_unavailable()
    {
        await using var shop = await Services.StartAsync(_ => Backend.StaySilentAsync);

        using var response = await shop.Gateway.GetAsync("/api/dashboard");

        await response.ProblemAsync(HttpStatusCode.ServiceUnavailable, "unavailable");
        Assert.NotNull(response.Headers.RetryAfter?.Delta);
    }

    private static Task AnswerAsync(HttpContext context, string json)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json);
    }

    private static Task FailAsync(HttpContext context, HttpStatusCode status)
    {
        context.Response.StatusCode = (int)status;
        return Task.CompletedTask;
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{(int)response.StatusCode}: {body}");
        using var json = JsonDocument.Parse(body);
        return json.RootElement.Clone();
    }

    /// <summary>The services that a dashboard is made of, behind a gateway that believes who a request says it is.</summary>
    private sealed class Services(TestTokens tokens, Dictionary<string, Backend> backends, RunningGateway gateway)
        : IAsyncDisposable
    {
        public RunningGateway Gateway => gateway;

        public Backend this[string service] => backends[service];

        /// <summary>All of them answer, but one that fails.</summary>
        public static Task<Services> StartAsync(string failing, HttpStatusCode status) =>
            StartAsync(service =>
                context => service == failing ? FailAsync(context, status) : AnswerAsync(context, Answers[service])
            );

        public static async Task<Services> StartAsync(Func<string, RequestDelegate> behaviour)
        {
            var tokens = await TestTokens.StartAsync();
            var backends = new Dictionary<string, Backend>();
            foreach (var service in Answers.Keys)
            {
                backends[service] = await Backend.StartAsync(behaviour(service));
            }

            var gateway = await RunningGateway.StartAsync([
                $"Identity:Authority={tokens.Authority}",
                // Long enough for everybody who answers at all.
                "Gateway:PartTimeout=00:00:02",
                .. backends.Select(backend => $"services:{backend.Key}:http:0={backend.Value.Address}"),
            ]);
            gateway.Client.DefaultRequestHeaders.Authorization = tokens.Bearer(Guid.Parse(User));
            return new Services(tokens, backends, gateway);
        }

        public async ValueTask DisposeAsync()
        {
            await gateway.DisposeAsync();
            foreach (var backend in backends.Values)
            {
                await backend.DisposeAsync();
            }

            await tokens.DisposeAsync();
        }
    }
}
