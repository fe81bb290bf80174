using System.Net;
using System.Text.RegularExpressions;

namespace Shop.EndToEnd;

/// <summary>Keeps cookies, fills in forms, and goes where it is sent only when it is told to.</summary>
internal sealed partial class Browser(HttpClient http, Uri site)
{
    private readonly CookieContainer _cookies = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>What it keeps of this site.</summary>
    public CookieCollection Cookies => _cookies.GetCookies(site);

    /// <summary>Takes over what another one keeps.</summary>
    public void TakeCookies(Browser other) => _cookies.Add(site, other.Cookies);

    public Task<HttpResponseMessage> GetAsync(string address) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(site, address)));

    public Task<HttpResponseMessage> PostAsync(string address, params (string Name, string Value)[] fields) =>
        SendAsync(
            new HttpRequestMessage(HttpMethod.Post, new Uri(site, address))
            {
                Content = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))),
            }
        );

    /// <summary>Sends the form that is on a page, with what is hidden in it and these fields.</summary>
    public async Task<HttpResponseMessage> SubmitAsync(
        HttpResponseMessage page,
        params (string Name, string Value)[] fields
    )
    {
        var html = await page.Content.ReadAsStringAsync(Cancel);
        var action = WebUtility.HtmlDecode(Action().Match(html).Groups[1].Value);
        Assert.NotEqual("", action);
        return await PostAsync(
            action,
            [
                .. Hidden()
                    .Matches(html)
                    .Select(match => (match.Groups[1].Value, WebUtility.HtmlDecode(match.Groups[2].Value))),
                .. fields,
            ]
        );
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            if (_cookies.GetCookieHeader(request.RequestUri!) is { Length: > 0 } cookies)
            {
                request.Headers.Add("Cookie", cookies);
            }

            var response = await http.SendAsync(request, Cancel);
            foreach (var cookie in response.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
            {
                _cookies.SetCookies(request.RequestUri!, cookie);
            }

            return response;
        }
    }

    [GeneratedRegex("<form method=\"post\" action=\"([^\"]*)\"")]
    private static partial Regex Action();

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"")]
    private static partial Regex Hidden();
}
