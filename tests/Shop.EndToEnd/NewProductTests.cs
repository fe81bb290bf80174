using System.Net;
using System.Text.Json;

namespace Shop.EndToEnd;

/// <summary>A product that was not there from the start, from its creation to its first order.</summary>
public sealed class NewProductTests(RunningShop shop)
{
    private static readonly string[] s_categories = ["home"];

    private readonly Person _admin = new(shop.Client.Stranger, "admin");
    private readonly Person _operator = new(shop.Client.Stranger, "operator");
    private readonly Person _customer = new(shop.Client.Stranger);

    [Fact]
    public async Task A_product_that_an_admin_creates_is_refilled_and_ordered()
    {
        var product = await CreateAsync();
        await WaitUntilKnownAsync(product);
        using var restock = await _operator.PostAsync($"/api/inventory/{product}/restock", new { quantity = 3 });
        Assert.True(restock.IsSuccessStatusCode, $"The restock answered {(int)restock.StatusCode}.");

        var order = await _customer.WaitForEndAsync(await _customer.OrderAsync(product, 2));

        Assert.Equal("Confirmed", order.GetProperty("status").GetString());
        await shop.Client.WaitForAvailableAsync(product, 1);
    }

    private async Task<string> CreateAsync()
    {
        using var response = await _admin.PostAsync(
            "/api/products",
            new
            {
                name = "Walnut Bookend",
                description = "Holds books.",
                price = 19.50m,
                categories = s_categories,
            }
        );
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(
            response.StatusCode == HttpStatusCode.Created,
            $"POST /api/products answered {(int)response.StatusCode}: {text}"
        );
        return JsonSerializer.Deserialize<JsonElement>(text).GetProperty("id").GetString()!;
    }

    // Inventory hears of it by an event.
    private async Task WaitUntilKnownAsync(string product)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            using var response = await _operator.GetResponseAsync($"/api/inventory/{product}");
            if (response.StatusCode == HttpStatusCode.OK)
                return;
            Assert.False(limit.IsCancellationRequested, $"Inventory has not heard of product {product}.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken);
        }
    }
}
