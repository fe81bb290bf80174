namespace Shop.ServiceDefaults;

/// <summary>
/// Marks the migration that ends an expand-and-contract change: it takes away what no running version uses any more. Without
/// it a migration may only add; see <c>docs/migrations.md</c>.
/// </summary>
/// <param name="reason">Which release stopped using what it takes away.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ContractAttribute(string reason) : Attribute
{
    /// <summary>Which release stopped using what it takes away.</summary>
    public string Reason => reason;
}
