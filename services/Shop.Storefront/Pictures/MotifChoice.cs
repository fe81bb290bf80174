using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Shop.Storefront.Pictures;

/// <summary>
/// Which drawing suits a product. In English the last noun says what a thing is: a "Sleeping Bag" is a bag, a "Bike Helmet" is
/// a helmet. So the name's words are looked up from its end; a category decides when no word does.
/// </summary>
internal static partial class MotifChoice
{
    private static readonly FrozenDictionary<string, string> ByWord = Words([
        ("shoe", "shoes runners trainers"),
        ("boot", "boot boots"),
        ("sneaker", "sneaker sneakers slippers loafers sandals"),
        ("tent", "tent tarp"),
        ("backpack", "backpack rucksack daypack"),
        ("stove", "stove burner"),
        ("bottle", "bottle flask thermos"),
        ("headlamp", "headlamp headtorch"),
        ("yoga-mat", "mat"),
        ("dumbbell", "dumbbell dumbbells kettlebell weights"),
        ("bands", "band bands"),
        ("ball", "ball football basketball volleyball"),
        ("bike", "bike bicycle"),
        ("helmet", "helmet"),
        ("watch", "watch smartwatch"),
        ("headphones", "headphones headset"),
        ("earbuds", "earbuds earphones"),
        ("speaker", "speaker soundbar radio"),
        ("speakers", "speakers"),
        ("laptop", "laptop ultrabook"),
        ("monitor", "monitor display television tv"),
        ("keyboard", "keyboard"),
        ("mouse", "mouse trackball"),
        ("hub", "hub dock"),
        ("webcam", "webcam"),
        ("drive", "ssd drive disk"),
        ("power-bank", "bank battery"),
        ("cable", "cable cord"),
        ("charger", "charger"),
        ("reader", "reader tablet phone smartphone"),
        ("bulb", "bulb bulbs"),
        ("camera", "camera"),
        ("lens", "lens"),
        ("espresso-machine", "espresso machine"),
        ("grinder", "grinder mill"),
        ("pour-over", "coffee dripper"),
        ("coffee-beans", "beans roast"),
        ("cup", "tea mug cup teapot"),
        ("chocolate", "chocolate chocolates"),
        ("olive-oil", "oil vinegar"),
        ("skillet", "skillet pan wok"),
        ("knife", "knife knives"),
        ("cutting-board", "board"),
        ("pot", "oven pot saucepan kettle"),
        ("bowls", "bowl bowls"),
        ("scale", "scale scales"),
        ("bed", "sheet sheets bed pillow duvet"),
        ("blanket", "blanket throw towel towels"),
        ("lamp", "lamp"),
        ("desk", "desk table"),
        ("chair", "chair stool"),
        ("notebook", "notebook journal planner diary"),
        ("fountain-pen", "pen nib pencil"),
        ("pens", "pens pencils markers"),
        ("desk-pad", "pad"),
        ("t-shirt", "shirt tee sweater hoodie"),
        ("jacket", "jacket coat parka"),
        ("beanie", "beanie hat cap"),
        ("socks", "socks"),
        ("duffel", "bag duffel weekender tote suitcase"),
        ("wallet", "wallet purse"),
        ("train", "train railway"),
        ("board-game", "game chess"),
        ("jigsaw", "jigsaw puzzle"),
        ("watercolors", "watercolor watercolors watercolour paint paints"),
        ("book", "book novel guide handbook introduction stories gardener cooking"),
        ("plant", "plant garden herb"),
        ("candle", "candle candles"),
        ("gift", "gift sticker"),
    ]);

    // Two words that mean something else than the second one alone.
    private static readonly FrozenDictionary<string, string> ByPair = Words([
        ("sleeping-bag", "sleeping-bag"),
        ("board-game", "board-game"),
        ("pens", "gel-pen"),
    ]);

    private static readonly FrozenDictionary<string, string> ByCategory = Words([
        ("shoe", "shoes"),
        ("headphones", "audio"),
        ("laptop", "computers"),
        ("book", "books"),
        ("board-game", "games"),
        ("train", "toys"),
        ("cup", "food"),
        ("duffel", "bags"),
        ("t-shirt", "clothing"),
        ("pot", "kitchen"),
        ("notebook", "office"),
        ("tent", "outdoor"),
        ("ball", "sports"),
        ("bulb", "electronics"),
        ("lamp", "home"),
        ("gift", "gifts"),
    ]);

    /// <summary>The motif's name.</summary>
    /// <param name="name">The product's name.</param>
    /// <param name="categories">Its categories, if they are known.</param>
    public static string Of(string name, IReadOnlyList<string> categories)
    {
        var words = Word.Matches(name).Select(match => match.Value.ToLowerInvariant()).ToArray();
        for (var i = words.Length - 1; i >= 0; i--)
        {
            if (i > 0 && ByPair.TryGetValue($"{words[i - 1]}-{words[i]}", out var pair))
            {
                return pair;
            }

            if (ByWord.TryGetValue(words[i], out var motif))
            {
                return motif;
            }
        }

        return categories
                .Select(category => ByCategory.GetValueOrDefault(category))
                .FirstOrDefault(motif => motif is not null)
            ?? Motif.Generic;
    }

    private static FrozenDictionary<string, string> Words(ReadOnlySpan<(string Motif, string Words)> lines)
    {
        var words = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (motif, list) in lines)
        {
            foreach (var word in list.Split(' '))
            {
                words.Add(word, motif);
            }
        }

        return words.ToFrozenDictionary(StringComparer.Ordinal);
    }

    [GeneratedRegex(@"\p{L}+", RegexOptions.NonBacktracking)]
    private static partial Regex Word { get; }
}
