namespace Shop.Storefront.Components.Shared;

/// <summary>Phone numbers as people type them.</summary>
internal static class PhoneText
{
    /// <summary>Without the spaces, dots, hyphens and brackets that people write; null when nothing is left.</summary>
    public static string? Tidy(string? typed)
    {
        var text = string.Concat(
            (typed ?? "").Where(character => !char.IsWhiteSpace(character) && !"-.()/".Contains(character))
        );
        return text.Length == 0 ? null : text;
    }
}
