using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Shop.Bench;

/// <summary>Somebody who is signed in at the gateway, and signs in anew long before the access token ends.</summary>
internal sealed class Account(HttpClient gateway, string email, Guid id = default)
{
    private const string Password = "Pa55-word!";
    private static readonly TimeSpan s_renewAfter = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private Task<AuthenticationHeaderValue>? _authorization;
    private DateTimeOffset _since;

    public Guid Id => id;

    /// <summary>Makes an account. Nobody is told anything: the mail server of a developer's machine is not what is measured.</summary>
    public static async Task<Account> RegisterAsync(
        HttpClient gateway,
        string email,
        CancellationToken cancellationToken
    )
    {
        using var registration = await gateway.PostAsJsonAsync(
            "/api/users",
            new
            {
                email,
                name = "A customer",
                password = Password,
            },
            cancellationToken
        );
        registration.EnsureSuccessStatusCode();
        var user = await registration.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        var account = new Account(gateway, email, user.GetProperty("id").GetGuid());
        using var request = await account.RequestAsync(HttpMethod.Put, "/api/users/me/preferences");
        request.Content = JsonContent.Create(
            new
            {
                email = false,
                sms = false,
                push = false,
            }
        );
        using var response = await gateway.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        return account;
    }

    /// <summary>A request in this account's name.</summary>
    public async Task<HttpRequestMessage> RequestAsync(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = await AuthorizationAsync();
        return request;
    }

    private Task<AuthenticationHeaderValue> AuthorizationAsync()
    {
        lock (_lock)
        {
            var now = TimeProvider.System.GetUtcNow();
            if (_authorization is null || now - _since > s_renewAfter)
                (_authorization, _since) = (SignInAsync(), now);
            return _authorization;
        }
    }

    private async Task<AuthenticationHeaderValue> SignInAsync()
    {
        using var form = new FormUrlEncodedContent([
            new("grant_type", "password"),
            new("client_id", "shop-cli"),
            new("scope", "shop"),
            new("username", email),
            new("password", Password),
        ]);
        using var response = await gateway.PostAsync(new Uri("/connect/token", UriKind.Relative), form);
        response.EnsureSuccessStatusCode();
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        return new AuthenticationHeaderValue("Bearer", answer.GetProperty("access_token").GetString());
    }
}
