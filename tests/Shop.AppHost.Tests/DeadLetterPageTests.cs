using Azure.Messaging.ServiceBus;
using Microsoft.Playwright;
using Shop.EndToEnd.Pages;
using Shop.EndToEnd.Walk;

namespace Shop.AppHost.Tests;

/// <summary>Not beside the random walk, which redrives whatever dead letters there are.</summary>
[Collection<SharedWalkers>]
public sealed class DeadLetterPageTests(RunningShop shop, ChromiumBrowser chromium)
{
    [Fact]
    public async Task An_operator_finds_a_dead_letter_reads_it_and_redrives_it()
    {
        var type = $"shop.test.unknown-{Guid.NewGuid():N}.v1";
        await SendAsync("notifications", type, """{ "what": "<b>is this</b>" }""");
        await using var staff = await Shopper.OpenAsync(chromium, shop.Client);
        await staff.SignInAsync("operator@shop.test");
        await staff.GoToAsync("/staff/dead-letters");
        await staff
            .Page.GetByRole(AriaRole.Table)
            .GetByRole(AriaRole.Link, new() { Name = "Notifications" })
            .ClickAsync();
        await staff.SeesAsync("Dead letters of Notifications");
        await staff.ReloadUntilAsync(staff.Link(type));

        await staff.Link(type).ClickAsync();
        await staff.SeesAsync(type);
        await staff.ReadsAsync("UnknownMessageType");
        await staff.ReadsAsync("<b>is this</b>");
        await staff.Browser.AssertAccessibleAsync();
        await staff.Browser.ScreenshotAsync("staff-dead-letter");
        await staff.PressAsync("Redrive");

        await staff.ReadsAsync("1 message is in the queue again.");
        // It cannot be handled now either, so it comes back.
        await staff.ReloadUntilAsync(staff.Link(type));
        await staff.Browser.AssertCleanAsync();
    }

    private async Task SendAsync(string queue, string type, string body)
    {
        await using var client = new ServiceBusClient(await shop.GetConnectionStringAsync("messaging"));
        await using var sender = client.CreateSender(queue);
        var message = new ServiceBusMessage(body)
        {
            MessageId = Guid.NewGuid().ToString(),
            ApplicationProperties = { ["cloudEvents:type"] = type },
        };
        await sender.SendMessageAsync(message, TestContext.Current.CancellationToken);
    }
}
