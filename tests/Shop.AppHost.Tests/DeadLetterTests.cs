using System.Net;
using System.Text.Json;
using Azure.Messaging.ServiceBus;
using Shop.EndToEnd.Walk;

namespace Shop.AppHost.Tests;

/// <summary>Not beside the random walk, which redrives whatever dead letters there are.</summary>
[Collection<SharedWalkers>]
public sealed class DeadLetterTests(RunningShop shop)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_operator_finds_a_dead_letter_at_the_gateway_and_redrives_it()
    {
        var http = shop.Client.Stranger;
        var staff = new Person(http, "operator");
        var id = Guid.NewGuid().ToString();
        await SendAsync("notifications", new ServiceBusMessage("""{ "what": "is this" }""") { MessageId = id });

        var list = await staff.WaitForAsync(
            "/api/operations/notifications/dead-letters?pageSize=100",
            "listed",
            list => Find(list, id) is not null
        );
        var letter = Find(list, id)!.Value;
        Assert.Equal("UnknownMessageType", letter.GetProperty("reason").GetString());
        var path = $"/api/operations/notifications/dead-letters/{letter.GetProperty("sequenceNumber").GetInt64()}";
        var whole = await staff.GetAsync(path);
        Assert.Equal("is this", whole.GetProperty("body").GetProperty("what").GetString());

        using var redriven = await staff.PostAsync(path + "/redrive");

        Assert.Equal(HttpStatusCode.OK, redriven.StatusCode);
        // It cannot be handled now either, so it comes back; and says that it was redriven.
        await staff.WaitForAsync(
            "/api/operations/notifications/dead-letters?pageSize=100",
            "back",
            list => Find(list, id)?.GetProperty("redrivenAt").ValueKind == JsonValueKind.String
        );
    }

    [Theory]
    [InlineData("catalog")]
    [InlineData("ordering")]
    [InlineData("inventory")]
    [InlineData("payments")]
    [InlineData("users")]
    [InlineData("search")]
    [InlineData("billing")]
    [InlineData("notifications")]
    public async Task Dead_letters_of_every_context_are_for_operators_only(string context)
    {
        var http = shop.Client.Stranger;
        var path = $"/api/operations/{context}/dead-letters";

        using var customer = await new Person(http).GetResponseAsync(path);
        using var staff = await new Person(http, "operator").GetResponseAsync(path);
        using var redrive = await new Person(http).PostAsync(path + "/redrive");

        Assert.Equal(HttpStatusCode.Forbidden, customer.StatusCode);
        Assert.Equal(HttpStatusCode.OK, staff.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, redrive.StatusCode);
    }

    private async Task SendAsync(string queue, ServiceBusMessage message)
    {
        await using var client = new ServiceBusClient(await shop.GetConnectionStringAsync("messaging"));
        await using var sender = client.CreateSender(queue);
        await sender.SendMessageAsync(message, Cancel);
    }

    private static JsonElement? Find(JsonElement list, string messageId) =>
        list.GetProperty("items")
            .EnumerateArray()
            .Where(letter => letter.GetProperty("messageId").GetString() == messageId)
            .Select(letter => (JsonElement?)letter)
            .FirstOrDefault();
}
