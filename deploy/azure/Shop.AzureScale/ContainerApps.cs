using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Azure.Core;

namespace Shop.AzureScale;

/// <summary>The container apps of a resource group, through Azure Resource Manager's REST API.</summary>
internal sealed class ContainerApps(string subscription, string resourceGroup, TokenCredential credential)
{
    // The first stable version in which a scale rule has an identity.
    private const string ApiVersion = "2025-01-01";

    private static readonly Uri s_management = new("https://management.azure.com/");
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);

    /// <summary>The names of the apps that azd has deployed.</summary>
    /// <exception cref="HttpRequestException">Azure refused it; the message has the reason.</exception>
    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        using var client = await ClientAsync(cancellationToken);
        var list = await ReadAsync(client, AddressOf(""), cancellationToken);
        return
        [
            .. list["value"]!
                .AsArray()
                .Where(app => app!["tags"]?["aspire-resource-name"] is not null)
                .Select(app => (string)app!["name"]!),
        ];
    }

    /// <summary>Replaces an app's template, which makes a new revision, and waits until Azure has taken it over.</summary>
    /// <exception cref="HttpRequestException">Azure refused it; the message has the reason.</exception>
    /// <exception cref="InvalidOperationException">Azure could not do it.</exception>
    public async Task UpdateAsync(string app, Func<JsonNode, JsonObject> template, CancellationToken cancellationToken)
    {
        using var client = await ClientAsync(cancellationToken);
        var address = AddressOf($"/{app}");
        var current = await ReadAsync(client, address, cancellationToken);
        var change = new JsonObject { ["properties"] = new JsonObject { ["template"] = template(current) } };
        using var body = JsonContent.Create(change, new MediaTypeHeaderValue("application/json"));
        using (var answer = await client.PatchAsync(address, body, cancellationToken))
            await CheckAsync(answer, cancellationToken);

        while (true)
        {
            current = await ReadAsync(client, address, cancellationToken);
            var state = (string?)current["properties"]?["provisioningState"];
            if (state == "Succeeded")
                return;
            if (state is "Failed" or "Canceled")
                throw new InvalidOperationException($"{app} is {state}; the Azure portal has the reason.");
            await Task.Delay(s_pause, cancellationToken);
        }
    }

    private Uri AddressOf(string app) =>
        new(
            $"subscriptions/{subscription}/resourceGroups/{resourceGroup}/providers/Microsoft.App/containerApps{app}?api-version={ApiVersion}",
            UriKind.Relative
        );

    private static async Task<JsonNode> ReadAsync(HttpClient client, Uri address, CancellationToken cancellationToken)
    {
        using var answer = await client.GetAsync(address, cancellationToken);
        await CheckAsync(answer, cancellationToken);
        return (await answer.Content.ReadFromJsonAsync<JsonNode>(cancellationToken))!;
    }

    private async Task<HttpClient> ClientAsync(CancellationToken cancellationToken)
    {
        var token = await credential.GetTokenAsync(
            new TokenRequestContext(["https://management.azure.com/.default"]),
            cancellationToken
        );
        var client = new HttpClient { BaseAddress = s_management };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Token);
        return client;
    }

    private static async Task CheckAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (!answer.IsSuccessStatusCode)
        {
            var reason = await answer.Content.ReadAsStringAsync(cancellationToken);
            throw new HttpRequestException(
                $"{answer.RequestMessage?.RequestUri?.AbsolutePath} was answered {(int)answer.StatusCode}: {reason}"
            );
        }
    }
}
