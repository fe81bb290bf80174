namespace Shop.Inventory.Domain;

/// <summary>What is moved for one order, or into the house: all of it or nothing.</summary>
internal sealed record StockBooking(Guid? OrderId, IReadOnlyList<StockQuantity> Items, string? IdempotencyKey = null);

/// <summary>What there is of a product.</summary>
internal sealed record StockLevel(Guid ProductId, int Available, int Reserved)
{
    /// <summary>What there is after a move of so many.</summary>
    public StockLevel After(StockMove move, int quantity) =>
        new(ProductId, Available + move.Available * quantity, Reserved + move.Reserved * quantity);
}

/// <summary>What there is of some products, as moves one after the other leave it.</summary>
internal sealed class StockLevels(IEnumerable<StockLevel> before)
{
    private readonly Dictionary<Guid, StockLevel> _levels = before.ToDictionary(level => level.ProductId);

    /// <summary>The level of each product.</summary>
    public IReadOnlyCollection<StockLevel> All => _levels.Values;

    /// <summary>
    /// Moves all items or none. Returns those that are short; an empty list means that all moved. What the next move finds is
    /// what this one leaves.
    /// </summary>
    public IReadOnlyList<Shortage> Move(StockMove move, IReadOnlyList<StockQuantity> items)
    {
        var after = items
            .Select(item => _levels.GetValueOrDefault(item.ProductId)?.After(move, item.Quantity))
            .ToList();
        if (after.All(level => level is { Available: >= 0, Reserved: >= 0 }))
        {
            after.ForEach(level => _levels[level!.ProductId] = level);
            return [];
        }
        List<Shortage> shortages =
        [
            .. from item in items
            let available = _levels.GetValueOrDefault(item.ProductId)?.Available ?? 0
            where available < item.Quantity
            select new Shortage(item.ProductId, item.Quantity, available),
        ];
        return shortages.Count > 0
            ? shortages
            : throw new InvalidOperationException(
                $"Nothing can be {move.Kind} although nothing is short: the books disagree."
            );
    }
}
