using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Shop.ServiceDefaults.OpenApi;

/// <summary>
/// What members look like that mean the same everywhere. A reader's tool puts the examples of answers together from them.
/// </summary>
internal static class SchemaExamples
{
    private static readonly Dictionary<string, string> ByFormat = new()
    {
        ["uuid"] = "01900000-0000-7000-8000-000000100035",
        ["date-time"] = "2026-11-25T09:30:00.123456+00:00",
    };

    private static readonly Dictionary<string, JsonNode> ByName = new()
    {
        ["currency"] = "USD",
        ["name"] = "Ada Lovelace",
        ["email"] = "ada@example.com",
        ["phoneNumber"] = "+14155550123",
        ["street"] = "12 Analytical Way",
        ["city"] = "Sacramento",
        ["postalCode"] = "95814",
        ["region"] = "US-CA",
        ["country"] = "US",
        ["paymentMethod"] = "pm_card_visa",
        ["price"] = 39.90m,
        ["unitPrice"] = 39.90m,
        ["quantity"] = 2,
        ["itemCount"] = 2,
        ["lineTotal"] = 79.80m,
        ["subtotal"] = 79.80m,
        ["discount"] = 0.00m,
        ["tax"] = 5.79m,
        ["total"] = 85.59m,
        ["amount"] = 85.59m,
        ["stock"] = 120,
        ["page"] = 1,
        ["pageSize"] = 20,
        ["image"] = "desk-lamp.svg",
        ["carrier"] = "UPS",
        ["trackingNumber"] = "1Z999AA10123456784",
        ["subject"] = "Your order 00100035 is confirmed",
        ["invoiceNumber"] = "INV-2026-000001",
        ["creditNoteNumber"] = "CN-2026-000001",
    };

    /// <summary>One for the member, if it is of the kind that its name says; null for all others.</summary>
    public static JsonNode? Of(string? member, OpenApiSchema schema)
    {
        if (schema.Format is { } format && ByFormat.TryGetValue(format, out var text))
        {
            return text;
        }

        return
            member is not null
            && ByName.TryGetValue(member, out var example)
            && schema.Type is { } type
            && type.HasFlag(
                example.GetValueKind() == System.Text.Json.JsonValueKind.String ? JsonSchemaType.String
                : example is JsonValue number
                && number.TryGetValue<decimal>(out _)
                && type.HasFlag(JsonSchemaType.Number)
                    ? JsonSchemaType.Number
                : JsonSchemaType.Integer
            )
            ? example.DeepClone()
            : null;
    }
}
