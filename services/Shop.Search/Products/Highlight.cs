using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Shop.Search.Data;

namespace Shop.Search.Products;

/// <summary>A part of a text, in characters.</summary>
internal sealed record Highlight(int Start, int Length)
{
    /// <summary>A character as people see one, with its accents.</summary>
    /// <param name="Written">As it is in the name.</param>
    /// <param name="Folded">The letters that it stands for; none if it parts words.</param>
    /// <param name="Spaceless">Whether words are not parted in its script.</param>
    /// <param name="Ignored">Whether it neither stands for letters nor parts words.</param>
    private sealed record Character(string Written, string Folded, bool Spaceless, bool Ignored);

    /// <summary>For each name, where its words, or parts of what is written without spaces, begin with the text.</summary>
    public static async Task<List<IReadOnlyList<Highlight>>> FindAsync(
        SearchDbContext db,
        string text,
        IReadOnlyList<string> names,
        CancellationToken cancellationToken
    )
    {
        if (names.Count == 0)
        {
            return [];
        }

        // The database alone folds. A character between two letters tells whether it parts them.
        var written = names.SelectMany(Characters).Append(text).Distinct().ToArray();
        var spaceless = $"^[{SearchSchema.Spaceless}]";
        var folded = await db
            .Database.SqlQuery<Character>(
                $"""
                SELECT written, search_fold(written) AS folded, search_fold(written) ~ {spaceless} AS spaceless,
                    search_fold('x' || written || 'x') = 'xx' AS ignored
                FROM unnest({written}) AS characters (written)
                """
            )
            .ToDictionaryAsync(character => character.Written, cancellationToken);
        var wanted = folded[text].Folded;
        return [.. names.Select(name => wanted.Length == 0 ? [] : Find(name, wanted, folded))];
    }

    private static List<Highlight> Find(string name, string wanted, Dictionary<string, Character> folded)
    {
        var letters = new StringBuilder();
        var places = new List<(int Start, int End, bool Begins)>(); // of each letter, in the name
        var (end, beginning) = (0, true);
        foreach (var character in Characters(name).Select(written => folded[written]))
        {
            var start = end;
            end += character.Written.Length;
            if (character.Folded.Length == 0)
            {
                beginning |= !character.Ignored;
                continue;
            }

            if (beginning && letters.Length > 0)
            {
                letters.Append(' ');
                places.Add((start, start, false));
            }

            letters.Append(character.Folded);
            places.AddRange(
                Enumerable
                    .Range(0, character.Folded.Length)
                    .Select(i => (start, end, i == 0 && (beginning || character.Spaceless)))
            );
            beginning = false;
        }

        var found = new List<Highlight>();
        var all = letters.ToString();
        for (var at = 0; (at = all.IndexOf(wanted, at, StringComparison.Ordinal)) >= 0; )
        {
            if (!places[at].Begins)
            {
                at++;
                continue;
            }

            var start = places[at].Start;
            found.Add(new Highlight(start, places[at + wanted.Length - 1].End - start));
            at += wanted.Length;
        }

        return found;
    }

    private static IEnumerable<string> Characters(string name)
    {
        var characters = StringInfo.GetTextElementEnumerator(name);
        while (characters.MoveNext())
        {
            yield return characters.GetTextElement();
        }
    }
}
