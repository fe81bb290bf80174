namespace Shop.Simulation.Tests.World;

/// <summary>What somebody asks for until it is answered: a customer who cancels, an operator who ships.</summary>
internal sealed class Wish(int left)
{
    /// <summary>How many answers are still wanted.</summary>
    public int Left { get; set; } = left;

    /// <summary>Whether a request is under way.</summary>
    public bool IsUnderWay { get; set; }

    /// <summary>Whether it can be asked for now.</summary>
    public bool IsOpen => Left > 0 && !IsUnderWay;
}

/// <summary>An order that is going to be placed, and what people want of it.</summary>
internal sealed class Plan(Guid id, string name, Ordering.Domain.Order order)
{
    public Guid Id { get; } = id;
    public string Key { get; } = id.ToString();
    public string Name { get; } = name;
    public Ordering.Domain.Order Order { get; } = order;
    public Wish Place { get; } = new(1);

    /// <summary>When the customer comes.</summary>
    public required DateTimeOffset From { get; init; }
    public required Wish Cancel { get; init; }
    public required Wish Ship { get; init; }
    public required Wish Deliver { get; init; }

    /// <summary>An operator who asks for a refund at any time.</summary>
    public required Wish RefundEarly { get; init; }

    /// <summary>An operator who asks for one when it is possible.</summary>
    public required Wish Refund { get; init; }
}
