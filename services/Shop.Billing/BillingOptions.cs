namespace Shop.Billing;

/// <summary>Settings of the context, section <c>Billing</c>.</summary>
internal sealed class BillingOptions
{
    /// <summary>Who issues the invoices.</summary>
    public Seller Seller { get; set; } = new();
}

/// <summary>The seller as it is printed on invoices.</summary>
internal sealed class Seller
{
    /// <summary>The company.</summary>
    public string Name { get; set; } = "Shop Ltd.";

    /// <summary>Street and number.</summary>
    public string Street { get; set; } = "1 Example Street";

    /// <summary>Postal code and city.</summary>
    public string City { get; set; } = "94105 San Francisco, CA";

    /// <summary>The country.</summary>
    public string Country { get; set; } = "United States";

    /// <summary>The tax number that has to be on an invoice.</summary>
    public string TaxId { get; set; } = "00-0000000";

    /// <summary>Whom to ask about an invoice.</summary>
    public string Email { get; set; } = "billing@shop.test";
}
