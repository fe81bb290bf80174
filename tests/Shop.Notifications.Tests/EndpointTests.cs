using System.Net;
using System.Text.Json;
using Shop.Notifications.Messages;
using Shop.Notifications.Providers.Simulated;
using Shop.Testing;

namespace Shop.Notifications.Tests;

public sealed class EndpointTests(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    private const string Path = "/api/notifications";

    private readonly UserTold _ada = Given.Somebody(email: false, push: true);
    private readonly UserTold _grace = Given.Somebody(
        email: false,
        sms: true,
        phone: SimulatedSmsProvider.UnknownNumber
    );
    private readonly Guid _order = Guid.CreateVersion7();
    private NotificationsApp _app = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await NotificationsApp.StartAsync(infrastructure);
        await _app.TellAsync(_ada);
        await _app.TellAsync(_grace);
        await _app.TellAsync(Given.Confirmed(_ada, _order));
        await _app.SendDueAfterAsync(TimeSpan.FromSeconds(1));
        await _app.TellAsync(Given.Shipped(_order, _ada.UserId));
        await _app.TellAsync(Given.Shipped(Guid.CreateVersion7(), _grace.UserId));
        await _app.SendDueAfterAsync(TimeSpan.FromSeconds(1));
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_customer_sees_the_own_ones_newest_first()
    {
        var list = await _app.GetJsonAsync(Path, _ada.UserId);

        Assert.Equal(3, list.GetProperty("total").GetInt64());
        var newest = list.GetProperty("items")[0];
        Assert.Equal("OrderShipped", newest.Text("kind"));
        Assert.Equal("Push", newest.Text("channel"));
        Assert.Equal("Sent", newest.Text("status"));
        Assert.Equal(_order, newest.GetProperty("orderId").GetGuid());
        Assert.EndsWith("is on its way", newest.Text("subject"), StringComparison.Ordinal);
        Assert.Equal(_app.Time.GetUtcNow(), newest.GetProperty("sentAt").GetDateTimeOffset());
        Assert.False(newest.TryGetProperty("delivery", out _));
        var scheduled = list.GetProperty("items").EnumerateArray().Single(n => n.Text("status") == "Pending");
        Assert.Equal("DeliveryNotification", scheduled.Text("kind"));
        Assert.Equal(Given.Noon.AddHours(1), scheduled.GetProperty("dueAt").GetDateTimeOffset());
    }

    [Fact]
    public async Task Pages_do_not_overlap()
    {
        var first = await _app.GetJsonAsync(Path + "?pageSize=2", _ada.UserId);
        var second = await _app.GetJsonAsync(Path + "?page=2&pageSize=2", _ada.UserId);

        var ids = Ids(first).Concat(Ids(second)).ToList();
        Assert.Equal(3, ids.Distinct().Count());
        Assert.Equal(ids, Ids(await _app.GetJsonAsync(Path, _ada.UserId)));
    }

    [Fact]
    public async Task An_operator_sees_everybodys_dead_letters_with_the_reason()
    {
        var list = await _app.GetJsonAsync(Path + "?status=deadLettered", role: "operator");

        var dead = Assert.Single(list.GetProperty("items").EnumerateArray()).GetProperty("delivery");
        Assert.Equal(_grace.UserId, dead.GetProperty("userId").GetGuid());
        Assert.Contains("no such number", dead.Text("reason"), StringComparison.Ordinal);
        Assert.Empty(
            (await _app.GetJsonAsync(Path + "?status=DeadLettered", _ada.UserId)).GetProperty("items").EnumerateArray()
        );
    }

    [Fact]
    public async Task An_operator_who_asks_for_the_own_ones_sees_no_others()
    {
        var everybodys = await _app.GetJsonAsync(Path, _ada.UserId, "operator");
        var own = await _app.GetJsonAsync(Path + "?mine=true", _ada.UserId, "operator");
        var nobodys = await _app.GetJsonAsync(Path + "?mine=true", Guid.CreateVersion7(), "operator");
        var customers = await _app.GetJsonAsync(Path + "?mine=false", _ada.UserId);

        Assert.Equal(4, everybodys.GetProperty("total").GetInt64());
        Assert.Equal(3, own.GetProperty("total").GetInt64());
        Assert.All(
            own.GetProperty("items").EnumerateArray(),
            one => Assert.Equal(_ada.UserId, one.GetProperty("delivery").GetProperty("userId").GetGuid())
        );
        Assert.Equal(0, nobodys.GetProperty("total").GetInt64());
        // A customer has no others to see.
        Assert.Equal(3, customers.GetProperty("total").GetInt64());
    }

    [Theory]
    [InlineData("page=0", "page")]
    [InlineData("pageSize=101", "pageSize")]
    [InlineData("page=x", "page")]
    [InlineData("status=Lost", "status")]
    [InlineData("status=1", "status")]
    [InlineData("status=", "status")]
    public async Task What_is_asked_for_is_checked(string query, string field)
    {
        using var response = await _app.SendAsync(HttpMethod.Get, $"{Path}?{query}", _ada.UserId);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = JsonElement.Parse(await BodyAsync(response));
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _));
    }

    [Fact]
    public async Task An_operator_has_a_dead_letter_tried_again_and_nothing_else()
    {
        var dead = Ids(await _app.GetJsonAsync(Path + "?status=DeadLettered", role: "operator")).Single();
        var sent = Ids(await _app.GetJsonAsync(Path + "?status=Sent", role: "operator"))[0];
        await _app.TellAsync(_grace with { PhoneNumber = "+12025550199", Version = 2 });

        using var byCustomer = await RetryAsync(dead, "customer");
        using var accepted = await RetryAsync(dead);
        await _app.SendDueAsync();
        using var again = await RetryAsync(dead);
        using var notDead = await RetryAsync(sent);
        using var unknown = await RetryAsync(Guid.CreateVersion7());

        Assert.Equal(HttpStatusCode.Forbidden, byCustomer.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        Assert.Single(await _app.TakenForAsync("+12025550199"));
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, notDead.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task The_local_outbox_is_a_page_for_a_browser()
    {
        using var page = await _app.SendAsync(
            HttpMethod.Get,
            Path + "/outbox",
            role: "operator",
            accept: "text/html,*/*;q=0.8"
        );
        var json = await _app.GetJsonAsync(Path + "/outbox", role: "operator");

        using var customers = await _app.SendAsync(HttpMethod.Get, Path + "/outbox", _ada.UserId);
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, customers.StatusCode);
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        Assert.Contains(
            "default-src 'none'",
            page.Headers.GetValues("Content-Security-Policy").Single(),
            StringComparison.Ordinal
        );
        Assert.Contains(_ada.UserId.ToString(), await BodyAsync(page), StringComparison.Ordinal);
        Assert.Equal(2, json.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task What_people_have_written_is_text_on_that_page()
    {
        await _app.TellAsync(
            Given.Shipped(Guid.CreateVersion7(), _ada.UserId) with
            {
                Carrier = "<img src=x onerror=alert(1)>",
            }
        );
        await _app.SendDueAsync();

        using var page = await _app.SendAsync(HttpMethod.Get, Path + "/outbox", role: "operator", accept: "text/html");

        var html = await BodyAsync(page);
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
        Assert.Contains("&lt;img", html, StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> RetryAsync(Guid id, string role = "operator") =>
        _app.SendAsync(HttpMethod.Post, $"{Path}/{id}/retry", role: role);

    private static List<Guid> Ids(JsonElement list) =>
        [.. list.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetGuid())];

    private static Task<string> BodyAsync(HttpResponseMessage response) =>
        response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
