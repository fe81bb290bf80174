using System.Text.Json;

namespace Shop.EndToEnd.Walk;

/// <summary>Every field of every command that takes text, and every text that can be asked for.</summary>
public static class TextFields
{
    /// <summary>Stands for one's id.</summary>
    public const string OwnProduct = "a product of theirs";

    private static readonly string s_product = Body(
        new
        {
            name = "Walking Stick",
            description = "For walks.",
            price = 12.50m,
            categories = new[] { "outdoor" },
            currency = "USD",
            image = "stick.svg",
        }
    );

    private static readonly string s_order = ShopClient.OrderBody(OwnProduct, 1).ToJsonString();

    private static readonly string s_quote = Body(
        new { items = new[] { new { productId = OwnProduct, quantity = 1 } }, region = "US-CA" }
    );

    private static readonly string s_user = Body(
        new
        {
            email = "ada@example.com",
            name = "Ada",
            password = "correct horse battery",
        }
    );

    private static readonly string s_preferences = Body(
        new
        {
            email = true,
            sms = false,
            push = true,
            phoneNumber = "+14155550123",
        }
    );

    /// <summary>Caller, command, a body that is accepted, and the field that the text is put into.</summary>
    public static TheoryData<string, string, string, string> Rows { get; } =
    [
        .. Of("admin", "POST /api/products", s_product, "name", "description", "currency", "categories/0", "image"),
        .. Of("admin", "PUT /api/products/{id}", s_product, "name", "description", "currency", "categories/0", "image"),
        .. Of(
            "customer",
            "POST /api/orders",
            s_order,
            "items/0/productId",
            "shippingAddress/name",
            "shippingAddress/street",
            "shippingAddress/city",
            "shippingAddress/postalCode",
            "shippingAddress/region",
            "shippingAddress/country",
            "paymentMethod"
        ),
        .. Of("anonymous", "POST /api/orders/quote", s_quote, "items/0/productId", "region"),
        .. Of("anonymous", "POST /api/users", s_user, "email", "name"),
        .. Of(
            "customer",
            "PATCH /api/users/me",
            """{"name":"Ada","phoneNumber":"+14155550123"}""",
            "name",
            "phoneNumber"
        ),
        .. Of("customer", "PUT /api/users/me/preferences", s_preferences, "phoneNumber"),
        .. Of("admin", "PUT /api/users/{id}/roles", """{"roles":["customer"]}""", "roles/0"),
    ];

    /// <summary>The fields that need more than one request, each with a test of its own.</summary>
    public static IReadOnlyList<string> InOtherTests { get; } =
    [
        "POST /api/orders/{id}/ship carrier",
        "POST /api/orders/{id}/ship trackingNumber",
        "POST /api/payments/{id}/refund reason",
        "POST /api/users password",
        "PUT /api/users/me/password currentPassword",
        "PUT /api/users/me/password newPassword",
        "POST /graphql query",
        "POST /graphql operationName",
    ];

    /// <summary>Address and parameter.</summary>
    public static TheoryData<string, string> Questions { get; } =
        new()
        {
            { "/api/search", "q" },
            { "/api/search", "category" },
            { "/api/search", "cursor" },
            { "/api/search", "sort" },
            { "/api/search/suggest", "q" },
            { "/api/products", "category" },
            { "/api/products", "ids" },
            { "/api/orders", "status" },
            { "/api/orders", "q" },
            { "/api/orders", "placedAfter" },
            { "/api/orders", "placedBefore" },
            { "/api/payments", "orderId" },
            { "/api/users", "q" },
            { "/api/invoices", "userId" },
            { "/api/invoices", "status" },
            { "/api/invoices", "orderIds" },
            { "/api/notifications", "status" },
        };

    private static IEnumerable<TheoryDataRow<string, string, string, string>> Of(
        string caller,
        string command,
        string body,
        params string[] fields
    ) => fields.Select(field => new TheoryDataRow<string, string, string, string>(caller, command, body, field));

    private static string Body(object body) => JsonSerializer.Serialize(body);
}
