using System.Net.Http.Json;
using System.Text.Json;

namespace Shop.ServiceDefaults.Tests;

internal static class Json
{
    public static Task<JsonElement> ReadAsync(HttpResponseMessage response) =>
        response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);

    public static string? Text(this JsonElement element, string name) => element.GetProperty(name).GetString();
}
