namespace Shop.Storefront.Pictures;

/// <summary>The colours of one picture. They are quiet enough for a light page and for a dark one.</summary>
/// <param name="Background">The whole picture.</param>
/// <param name="Backdrop">The shape behind the product.</param>
/// <param name="Deep">The product's darkest parts.</param>
/// <param name="Mid">Its body.</param>
/// <param name="Light">Its lit parts.</param>
/// <param name="Accent">One detail that stands out.</param>
internal sealed record Palette(string Background, string Backdrop, string Deep, string Mid, string Light, string Accent)
{
    /// <summary>Paper, glass and highlights.</summary>
    public const string White = "#fbf9f4";

    private static readonly Palette[] All =
    [
        new("#e3ebe1", "#cfddcd", "#2d4a3c", "#5b8c6e", "#a6c6ae", "#d98a58"),
        new("#f0e7d8", "#e4d5bc", "#573f2b", "#a27e54", "#d3b88f", "#3f7d78"),
        new("#e0e9ef", "#cbdae4", "#26435a", "#5083a4", "#a0c1d6", "#e0a14f"),
        new("#f2e2d9", "#e8cfc1", "#65332a", "#b5674a", "#dfab91", "#3d6f79"),
        new("#e8e4ef", "#d7cfe4", "#40365e", "#786ba3", "#b7acd3", "#d89c55"),
        new("#f2e3e4", "#e7cfd2", "#5b2b38", "#a55d6d", "#d7a3ab", "#4f8573"),
        new("#deebe9", "#c7ddda", "#1d4748", "#468986", "#98c6c2", "#e08a66"),
        new("#f2e9cf", "#e6d7ae", "#544418", "#ad8a2d", "#d9bf6f", "#56699a"),
        new("#e4e7ea", "#d1d6dc", "#2d3743", "#627287", "#a7b4c3", "#d4744f"),
        new("#e9ecd9", "#d7ddbe", "#3d4822", "#74873d", "#b5c483", "#b85c48"),
    ];

    /// <summary>The palette of a product: the same in every process and on every machine.</summary>
    public static Palette Of(uint hash) => All[hash % All.Length];

    /// <summary>Puts these colours in the place of a motif's grey ones.</summary>
    public string Colour(string motif) =>
        motif
            .Replace("\"#333\"", $"\"{Deep}\"", StringComparison.Ordinal)
            .Replace("\"#777\"", $"\"{Mid}\"", StringComparison.Ordinal)
            .Replace("\"#bbb\"", $"\"{Light}\"", StringComparison.Ordinal)
            .Replace("\"#c33\"", $"\"{Accent}\"", StringComparison.Ordinal)
            .Replace("\"#fff\"", $"\"{White}\"", StringComparison.Ordinal);
}
