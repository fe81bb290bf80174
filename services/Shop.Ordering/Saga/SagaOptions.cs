using System.ComponentModel.DataAnnotations;

namespace Shop.Ordering.Saga;

/// <summary>Configuration section <c>Ordering:Saga</c>: how long the saga waits for the other contexts.</summary>
internal sealed class SagaOptions
{
    public const string Section = "Ordering:Saga";

    /// <summary>How long Inventory may take to reserve stock, or to give it back.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "1.00:00:00", ErrorMessage = "{0} must be from {1} to {2}.")]
    public TimeSpan StockDeadline { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>How long Payments may take to charge, or to refund.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "1.00:00:00", ErrorMessage = "{0} must be from {1} to {2}.")]
    public TimeSpan PaymentDeadline { get; set; } = TimeSpan.FromSeconds(45);
}
