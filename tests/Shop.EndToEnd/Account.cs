using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Shop.EndToEnd;

/// <summary>
/// An account at the shop's own issuer. Its access token is got when it is first needed, and anew long before it ends.
/// </summary>
internal sealed class Account(Func<HttpRequestMessage, Task<HttpResponseMessage>> send, string email) : IDisposable
{
    public const string Password = "Pa55-word!";

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan s_renewAfter = TimeSpan.FromMinutes(10);

    private readonly SemaphoreSlim _signingIn = new(1);
    private AuthenticationHeaderValue? _authorization;
    private DateTimeOffset _since;

    public async Task<AuthenticationHeaderValue> AuthorizationAsync()
    {
        await _signingIn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            var now = TimeProvider.System.GetUtcNow();
            if (_authorization is null || now - _since > s_renewAfter)
                (_authorization, _since) = (await SignInAsync(), now);
            return _authorization;
        }
        finally
        {
            _signingIn.Release();
        }
    }

    public void Dispose() => _signingIn.Dispose();

    // Again when the service does not answer in time, as it may the first time on a busy machine.
    private async Task<AuthenticationHeaderValue> SignInAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(s_limit);
        while (true)
        {
            using var response = await RequestTokenAsync();
            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            if (response.StatusCode == HttpStatusCode.OK)
                return new("Bearer", JsonElement.Parse(text).GetProperty("access_token").GetString());
            var answer = $"Signing in: {(int)response.StatusCode}: {text}";
            Assert.True((int)response.StatusCode >= 502 && !limit.IsCancellationRequested, answer);
            await Task.Delay(TimeSpan.FromMilliseconds(500), TestContext.Current.CancellationToken);
        }
    }

    private async Task<HttpResponseMessage> RequestTokenAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/connect/token");
        request.Content = new FormUrlEncodedContent([
            new("grant_type", "password"),
            new("client_id", "shop-cli"),
            new("scope", "shop"),
            new("username", email),
            new("password", Password),
        ]);
        return await send(request);
    }
}
