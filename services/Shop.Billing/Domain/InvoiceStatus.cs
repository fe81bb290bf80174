using System.Text.Json.Serialization;

namespace Shop.Billing.Domain;

/// <summary>Whether an invoice is paid.</summary>
internal enum InvoiceStatus
{
    /// <summary>The money has not come yet.</summary>
    [JsonStringEnumMemberName("UNPAID")]
    Unpaid,

    /// <summary>The money has come; if it went back later, there is a credit note.</summary>
    [JsonStringEnumMemberName("PAID")]
    Paid,

    /// <summary>The order was cancelled before the money came: nothing is owed.</summary>
    [JsonStringEnumMemberName("VOID")]
    Void,
}
