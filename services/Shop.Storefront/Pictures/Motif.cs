using System.Collections.Frozen;

namespace Shop.Storefront.Pictures;

/// <summary>
/// The drawings in <c>Motifs/</c>, by name. Each is an SVG of 100 by 100 in five colours, for which a picture has its own:
/// #333 deep, #777 body, #bbb light, #c33 accent, #fff white. Other colours stay, such as a flame's. It stands on the line
/// y = 84.
/// </summary>
internal static class Motif
{
    /// <summary>The drawing for products of which nothing is known.</summary>
    public const string Generic = "parcel";

    private static readonly FrozenDictionary<string, string> Drawings = Load();

    /// <summary>All names.</summary>
    public static IEnumerable<string> Names => Drawings.Keys;

    /// <summary>What is inside of the drawing's <c>svg</c> element. An unknown name gets the generic one.</summary>
    public static string Drawing(string name) => Drawings.GetValueOrDefault(name) ?? Drawings[Generic];

    private static FrozenDictionary<string, string> Load()
    {
        const string Folder = "Motifs/";
        var assembly = typeof(Motif).Assembly;
        return assembly
            .GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .ToFrozenDictionary(
                name => Path.GetFileNameWithoutExtension(name[Folder.Length..]),
                Read,
                StringComparer.Ordinal
            );

        string Read(string name)
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            var svg = reader.ReadToEnd().ReplaceLineEndings("\n");
            var begin = svg.IndexOf('>', StringComparison.Ordinal) + 1;
            return svg[begin..svg.LastIndexOf("</svg>", StringComparison.Ordinal)].Trim();
        }
    }
}
