namespace Shop.Storefront.Api;

/// <summary>A person as administrators see them.</summary>
public sealed record StaffUser(
    Guid Id,
    string Email,
    string Name,
    string? PhoneNumber,
    IReadOnlyList<string> Roles,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt
);
