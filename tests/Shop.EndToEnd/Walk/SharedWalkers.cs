namespace Shop.EndToEnd.Walk;

/// <summary>One after the other: what one sends, another would count.</summary>
[CollectionDefinition]
public sealed class SharedWalkers : ICollectionFixture<Walkers>;
