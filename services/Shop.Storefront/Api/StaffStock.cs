namespace Shop.Storefront.Api;

/// <summary>The stock of a product in the list for staff.</summary>
public sealed record StockLine(
    Guid ProductId,
    string? Name,
    int OnHand,
    int Reserved,
    int Available,
    bool Discontinued
);

/// <summary>The stock of one product.</summary>
public sealed record StockLevel(Guid ProductId, int Available, int Reserved, bool Discontinued);

/// <summary>An entry of a product's ledger.</summary>
public sealed record LedgerEntry(
    long Id,
    DateTimeOffset At,
    string Kind,
    int Quantity,
    int AvailableChange,
    int ReservedChange,
    Guid? OrderId,
    string? IdempotencyKey
);
