using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Shop.Gateway.Tests;

public sealed class FailureTests
{
    private const string Impatient = "Gateway:Timeout=00:00:00.300";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_service_that_refuses_is_unavailable_and_says_when_to_come_back()
    {
        using var refusing = new RefusingAddress();
        await using var gateway = await RunningGateway.StartAsync($"services:users:http:0={refusing.Address}");

        using var response = await gateway.PostAsync("/api/users", new StringContent("{}"));

        var problem = await response.ProblemAsync(HttpStatusCode.ServiceUnavailable, "unavailable");
        Assert.Contains("users", problem.GetProperty("title").GetString(), StringComparison.Ordinal);
        Assert.NotNull(response.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task Each_try_that_got_no_answer_is_one_line_of_the_log_and_no_stack_trace()
    {
        using var refusing = new RefusingAddress();
        await using var gateway = await RunningGateway.StartAsync(
            "Logging:LogLevel:Default=Information",
            $"services:users:http:0={refusing.Address}",
            $"services:search:http:0={refusing.Address}",
            $"services:catalog:grpc:0={refusing.Address}"
        );
        using var log = new LogRecorder();
        gateway.Application.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        var search = JsonContent.Create(new { query = """{ search(text: "lamp") { total } }""" });

        using (await gateway.GetAsync("/api/users/me")) { }
        using (await gateway.GetAsync($"/api/products/{Guid.NewGuid()}")) { }
        using (await gateway.PostAsync("/graphql", search)) { }

        Assert.Equal(4, log.Entries.Count(entry => entry.Says("The users service did not answer", "refused")));
        Assert.Single(log.Entries, entry => entry.Says("the catalogue's gRPC service gave no answer", "refused"));
        Assert.Equal(3, log.Entries.Count(entry => entry.Says("search gave no answer and is asked again", "refused")));
        Assert.Single(log.Entries, entry => entry.Says("The search service gave no part", "refused"));
        Assert.DoesNotContain(log.Entries, entry => entry.Exception is not null);
    }

    [Fact]
    public async Task A_service_without_an_address_is_unavailable()
    {
        await using var gateway = await RunningGateway.StartAsync(
            "services:catalog:http:0=http://no-such-host.invalid"
        );

        using var response = await gateway.GetAsync("/api/products");

        await response.ProblemAsync(HttpStatusCode.ServiceUnavailable, "unavailable");
    }

    [Fact]
    public async Task A_service_that_never_answers_is_timed_out()
    {
        await using var backend = await Backend.StartAsync(Backend.StaySilentAsync);
        await using var gateway = await RunningGateway.StartAsync(
            Impatient,
            $"services:catalog:http:0={backend.Address}"
        );

        using var response = await gateway.GetAsync("/api/products");

        await response.ProblemAsync(HttpStatusCode.GatewayTimeout, "gateway-timeout");
        Assert.Single(backend.Requests);
    }

    [Fact]
    public async Task One_service_can_have_a_time_limit_of_its_own()
    {
        await using var backend = await Backend.StartAsync(Backend.StaySilentAsync);
        await using var gateway = await RunningGateway.StartAsync(
            "Gateway:Timeouts:search=00:00:00.300",
            $"services:search:http:0={backend.Address}"
        );

        using var response = await gateway.GetAsync("/api/search");

        await response.ProblemAsync(HttpStatusCode.GatewayTimeout, "gateway-timeout");
    }

    [Fact]
    public async Task A_service_that_dies_before_it_answers_is_a_bad_gateway()
    {
        await using var backend = await Backend.StartAsync(Backend.DieAsync);
        await using var gateway = await RunningGateway.StartAsync(backend);

        using var response = await gateway.PostAsync("/api/products", new StringContent("{}"));

        await response.ProblemAsync(HttpStatusCode.BadGateway, "bad-gateway");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_that_breaks_off_is_never_taken_for_whole(bool dies)
    {
        await using var backend = await Backend.StartAsync(async context =>
        {
            await context.Response.WriteAsync("half of it");
            await context.Response.Body.FlushAsync();
            await (dies ? Backend.DieAsync(context) : Backend.StaySilentAsync(context));
        });
        await using var gateway = await RunningGateway.StartAsync(
            Impatient,
            $"services:catalog:http:0={backend.Address}"
        );

        var exception = await Record.ExceptionAsync(() => gateway.GetStringAsync("/api/products"));

        Assert.IsType<HttpRequestException>(exception);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_service_that_is_never_done_is_cut_off(bool drips)
    {
        await using var backend = await Backend.StartAsync(context =>
            drips ? DripAsync(context) : Backend.StaySilentAsync(context)
        );
        await using var gateway = await RunningGateway.StartAsync(
            "Gateway:TotalTimeout=00:00:01",
            $"services:catalog:http:0={backend.Address}"
        );

        if (drips)
        {
            // No byte is ever late.
            var exception = await Record.ExceptionAsync(() => gateway.GetStringAsync("/api/products"));
            Assert.IsType<HttpRequestException>(exception);
        }
        else
        {
            using var response = await gateway.GetAsync("/api/products");
            await response.ProblemAsync(HttpStatusCode.GatewayTimeout, "gateway-timeout");
        }

        Assert.Single(backend.Requests);
    }

    [Fact]
    public async Task A_service_that_comes_back_is_served_at_once()
    {
        await using var backend = await Backend.StartAsync(Backend.DieAsync);
        await using var gateway = await RunningGateway.StartAsync(backend);
        for (var i = 0; i < 10; i++)
        {
            using var failed = await gateway.GetAsync("/api/products");
            Assert.Equal(HttpStatusCode.BadGateway, failed.StatusCode);
        }

        backend.Behaviour = context => context.Response.WriteAsync("back");

        Assert.Equal("back", await gateway.GetStringAsync("/api/products"));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task An_instance_that_refuses_is_not_noticed(string method)
    {
        using var refusing = new RefusingAddress();
        await using var alive = await Backend.StartAsync(EchoAsync);
        await using var gateway = await RunningGateway.StartAsync(
            $"services:catalog:http:0={refusing.Address}",
            $"services:catalog:http:1={alive.Address}"
        );

        for (var i = 0; i < 30; i++)
        {
            using var response = await gateway.SendAsync(
                new(new HttpMethod(method), "/api/products")
                {
                    Content = method == "POST" ? new StringContent("body") : null,
                }
            );
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(method == "POST" ? "body" : "", await response.Content.ReadAsStringAsync(Cancel));
        }
    }

    [Fact]
    public async Task An_instance_that_dies_is_not_noticed_by_who_only_reads()
    {
        await using var dying = await Backend.StartAsync(Backend.DieAsync);
        await using var alive = await Backend.StartAsync("alive");
        await using var gateway = await RunningGateway.StartAsync(dying, alive);

        for (var i = 0; i < 30; i++)
        {
            Assert.Equal("alive", await gateway.GetStringAsync("/api/products"));
        }

        Assert.NotEmpty(dying.Requests);
    }

    [Fact]
    public async Task An_instance_that_keeps_dying_is_left_alone()
    {
        await using var dying = await Backend.StartAsync(Backend.DieAsync);
        await using var alive = await Backend.StartAsync("alive");
        await using var gateway = await RunningGateway.StartAsync(dying, alive);

        for (var i = 0; i < 60; i++)
        {
            await gateway.GetStringAsync("/api/products");
        }

        // Half of them would have gone there; passive health takes it out after a few.
        Assert.InRange(dying.Requests.Count, 1, 10);
    }

    [Fact]
    public async Task A_write_that_an_instance_may_have_seen_is_not_repeated()
    {
        await using var first = await Backend.StartAsync(Backend.DieAsync);
        await using var second = await Backend.StartAsync(Backend.DieAsync);
        await using var gateway = await RunningGateway.StartAsync(first, second);

        using var response = await gateway.PostAsync("/api/products", new StringContent("{}"));

        await response.ProblemAsync(HttpStatusCode.BadGateway, "bad-gateway");
        Assert.Equal(1, first.Requests.Count + second.Requests.Count);
    }

    private static async Task DripAsync(HttpContext context)
    {
        while (!context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.WriteAsync(".", context.RequestAborted);
            await Task.Delay(100, context.RequestAborted);
        }
    }

    private static async Task EchoAsync(HttpContext context) =>
        await context.Request.Body.CopyToAsync(context.Response.Body);
}
