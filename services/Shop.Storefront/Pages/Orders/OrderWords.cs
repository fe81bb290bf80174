using Shop.Storefront.Api;

namespace Shop.Storefront.Pages.Orders;

/// <summary>Where an order stands, in a shopper's words.</summary>
internal static class OrderWords
{
    /// <summary>The kind of notice that tells of it.</summary>
    public static string Kind(Order order) =>
        order.Status switch
        {
            "Cancelled" when order.CancellationReason == "CancelledByCustomer" => "info",
            "Cancelled" => "error",
            "Pending" => "info",
            _ => "success",
        };

    public static string Headline(Order order, bool justPlaced) =>
        order.Status switch
        {
            "Pending" when justPlaced => "Thank you for your order",
            "Pending" => "We are working on it",
            "Confirmed" => "Your order is confirmed",
            "Shipped" => "Your order is on its way",
            "Delivered" => "Your order has arrived",
            "Cancelled" => "This order was cancelled",
            _ => order.Status,
        };

    public static string Explanation(Order order) =>
        order.Status switch
        {
            "Pending" => "We reserve the goods and ask for the payment. This page updates by itself.",
            "Confirmed" => "It is paid, and we pack it next.",
            "Shipped" or "Delivered" when order.RefundedAt is not null => "You have your money back.",
            "Shipped" => order.Carrier is { } carrier ? $"{carrier} is bringing it." : "It has left our warehouse.",
            "Delivered" => "Enjoy it.",
            "Cancelled" => order.CancellationReason switch
            {
                "OutOfStock" => $"{order.CancellationDetail} Whatever was charged is refunded.",
                "PaymentDeclined" => $"{order.CancellationDetail} You can order again with another payment method.",
                "CancelledByCustomer" => "It was cancelled at your request. Whatever was charged is refunded.",
                _ => order.CancellationDetail ?? "",
            },
            _ => "",
        };
}
