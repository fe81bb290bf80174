using System.ComponentModel;
using GraphQL;
using GraphQL.DataLoader;
using Shop.Gateway.Catalog;
using Shop.Gateway.GraphQL;

namespace Shop.Gateway.Composition;

/// <summary>Of a user's account what composed answers show.</summary>
internal sealed record Profile(Guid Id, string Name, string Email, string? PhoneNumber, IReadOnlyList<string> Roles);

/// <summary>An order in a list, with its first lines.</summary>
internal sealed record Order(
    Guid Id,
    string Status,
    int ItemCount,
    IReadOnlyList<OrderItem> Items,
    decimal Total,
    string Currency,
    DateTimeOffset CreatedAt
)
{
    [Description("Null as long as none was issued.")]
    public IDataLoaderResult<Invoice?> Invoice([FromServices] InvoiceLoader invoices) => invoices.Load(Id);
}

/// <summary>A line of an order, as it was ordered.</summary>
internal sealed record OrderItem(Guid ProductId, string Name, decimal UnitPrice, int Quantity)
{
    [Description("The product as it is now; null when it is not sold any more.")]
    public IDataLoaderResult<ProductView?> Product([FromServices] ProductLoader products) => products.Load(ProductId);
}

/// <summary>An invoice in a list.</summary>
internal sealed record Invoice(
    Guid Id,
    string Number,
    Guid OrderId,
    string Status,
    decimal Total,
    string Currency,
    DateTimeOffset IssuedAt,
    DateTimeOffset DueAt,
    DateTimeOffset? PaidAt
);

/// <summary>A message to the user about an order.</summary>
internal sealed record Notification(
    Guid Id,
    string Kind,
    string? Channel,
    string Status,
    Guid OrderId,
    string Subject,
    DateTimeOffset CreatedAt,
    DateTimeOffset? SentAt
);
