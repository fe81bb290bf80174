using Microsoft.Playwright;

namespace Shop.EndToEnd.Pages;

/// <summary>How a page can look: the widths and colour schemes that every page is tested in.</summary>
internal static class Appearance
{
    /// <summary>Pixels of a narrow phone's width.</summary>
    public const int Phone = 360;

    /// <summary>Pixels of a laptop's width.</summary>
    public const int Desktop = 1280;

    /// <summary>Pixels of a window's height.</summary>
    public const int Height = 800;

    public static IReadOnlyList<int> Widths { get; } = [Phone, Desktop];

    public static IReadOnlyList<ColorScheme> Schemes { get; } = [ColorScheme.Light, ColorScheme.Dark];

    public static Task SetWidthAsync(this IPage page, int width) => page.SetViewportSizeAsync(width, Height);

    /// <summary>Without motion, so that what is measured or pictured stands still.</summary>
    public static Task SetSchemeAsync(this IPage page, ColorScheme scheme) =>
        page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
}
