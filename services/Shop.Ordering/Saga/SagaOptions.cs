using System.ComponentModel.DataAnnotations;

namespace Shop.Ordering.Saga;

/// <summary>Configuration section <c>Ordering:Saga</c>: how long the saga waits for the other contexts.</summary>
internal sealed class SagaOptions
{
    public const string Section = "Ordering:Saga";

    [Range(typeof(TimeSpan), "00:00:00.1", "1.00:00:00")]
    public TimeSpan StockDeadline { get; set; } = TimeSpan.FromSeconds(45);

    [Range(typeof(TimeSpan), "00:00:00.1", "1.00:00:00")]
    public TimeSpan PaymentDeadline { get; set; } = TimeSpan.FromSeconds(45);
}
