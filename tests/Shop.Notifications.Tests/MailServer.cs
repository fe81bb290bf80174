using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Shop.Testing;

namespace Shop.Notifications.Tests;

/// <summary>What has arrived at the real mail server.</summary>
internal static class MailServer
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The mails to an address; each test writes to another.</summary>
    public static async Task<List<JsonElement>> MailsToAsync(this InfrastructureFixture infrastructure, string address)
    {
        using var client = new HttpClient { BaseAddress = infrastructure.Application.GetEndpoint("mail", "inbox") };
        var all = await client.GetFromJsonAsync<List<JsonElement>>("/api/email", Cancel);
        return all!
            .Where(mail =>
                mail.GetProperty("to").EnumerateArray().Any(to => to.GetProperty("address").GetString() == address)
            )
            .ToList();
    }

    /// <summary>The only mail to an address.</summary>
    public static async Task<JsonElement> MailToAsync(this InfrastructureFixture infrastructure, string address) =>
        Assert.Single(await infrastructure.MailsToAsync(address));

    public static string Text(this JsonElement mail, string property) => mail.GetProperty(property).GetString()!;
}
