namespace Shop.Search.Data;

/// <summary>
/// What the table needs of the database and the migrations' model cannot say. These functions alone know what a word is and
/// which words are the same, for what is found and for what is asked.
/// </summary>
internal static class SearchSchema
{
    /// <summary>
    /// Characters of a regular expression's class: the scripts that write without spaces (Thai, Lao, Myanmar, Khmer, Hiragana,
    /// Katakana and Han).
    /// </summary>
    public const string Spaceless =
        @"\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u3005-\u30FF\u31F0-\u31FF\u3400-\u4DBF\u4E00-\u9FFF\uA9E0-\uA9FF\uAA60-\uAA7F"
        + @"\uF900-\uFAFF\U0001AFF0-\U0001B16F\U00020000-\U0003FFFF";

    /// <summary>
    /// Characters of a class that make no other word: accents of Latin, Greek and Cyrillic, vowel signs of Hebrew and Arabic, and
    /// what is invisible. The marks of other scripts, such as Devanagari, are letters like others.
    /// </summary>
    private const string Ignored =
        @"\u00AD\u0300-\u036F\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u0610-\u061C\u0640\u064B-\u065F\u0670"
        + @"\u06D6-\u06DC\u06DF-\u06E4\u06E7\u06E8\u06EA-\u06ED\u180B-\u180F\u1AB0-\u1AFF\u1DC0-\u1DFF\u200B-\u200F\u202A-\u202E"
        + @"\u2060-\u206F\u20D0-\u20FF\uFE00-\uFE0F\uFE20-\uFE2F\uFEFF\U000E0000-\U000E0FFF";

    /// <summary>
    /// Generated columns take only functions that are declared immutable, which unaccent and array_to_string are not: their
    /// results depend on settings that nobody changes here. Each expression names its collation, so that the locale of the
    /// database does not matter: in pg_c_utf8 all that Unicode calls punctuation or a symbol is [:punct:].
    /// <list type="bullet">
    /// <item><c>search_fold</c>: symbols go before NFKD makes letters of some (™), but for units in a square (㎏). NFC puts the
    /// syllables of Hangul and the sounds of Kana together again.</item>
    /// <item><c>search_words</c>: the parser of PostgreSQL splits at spaces, so every two characters of a spaceless script become
    /// a word.</item>
    /// <item><c>search_terms</c>: also each character, behind all words, so that phrases stay together.</item>
    /// <item><c>search_key</c>: pg_trgm sees the letters that the locale of the database has, with C those of ASCII. Each other
    /// letter becomes one of ASCII; neighbours in an alphabet become different ones.</item>
    /// <item><c>search_query</c>: what has no space in it (l'eau, oak-kettle, 1,5) is a phrase of its words.</item>
    /// </list>
    /// </summary>
    public const string Create = $"""
        CREATE FUNCTION public.search_fold(value text) RETURNS text
            LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
            RETURN btrim(regexp_replace(
                normalize(
                    casefold(
                        public.unaccent(
                            'public.unaccent'::regdictionary,
                            regexp_replace(
                                normalize(
                                    regexp_replace(
                                        value COLLATE pg_c_utf8,
                                        '(?![\u3300-\u33FF])[[:punct:]]|\u200B(?![{Spaceless}])', ' ', 'g'),
                                    NFKD),
                                '[{Ignored}]+', '', 'g'))
                        COLLATE pg_unicode_fast),
                    NFC)
                COLLATE pg_c_utf8,
                '[[:punct:][:space:][:cntrl:]]+', ' ', 'g'));

        CREATE FUNCTION public.search_words(value text) RETURNS text
            LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
            RETURN regexp_replace(
                regexp_replace(public.search_fold(value) COLLATE pg_c_utf8, '[{Spaceless}]+', ' \& ', 'g'),
                '(?<=[{Spaceless}])[{Spaceless}](?=[{Spaceless}])', '\& \&', 'g');

        CREATE FUNCTION public.search_terms(value text) RETURNS text
            LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
            RETURN (
                SELECT CASE
                    WHEN words ~ '[{Spaceless}]' THEN words || regexp_replace(words, '[^{Spaceless}]*([{Spaceless}]|$)', ' \1', 'g')
                    ELSE words END
                FROM (SELECT public.search_words(value) COLLATE pg_c_utf8 AS words) AS made);

        CREATE FUNCTION public.search_terms(slugs text[]) RETURNS text
            LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
            RETURN public.search_terms(array_to_string(slugs, ' '));

        CREATE FUNCTION public.search_key(value text) RETURNS text
            LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
            RETURN (
                SELECT coalesce(string_agg(
                    CASE
                        WHEN ascii(letter) < 128 THEN letter
                        ELSE substr('abcdefghijklmnopqrstuvwxyz0123456789', 1 + ascii(letter) % 36, 1) END,
                    '' ORDER BY place), '')
                FROM string_to_table(public.search_fold(value), NULL) WITH ORDINALITY AS letters (letter, place));

        CREATE FUNCTION public.search_query(value text) RETURNS tsquery
            LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
            RETURN (
                SELECT websearch_to_tsquery('pg_catalog.english', coalesce(string_agg(
                    CASE
                        WHEN part[2] IS NULL AND lower(part[3] COLLATE pg_c_utf8) = 'or' THEN 'or'
                        ELSE part[1] || '"' || public.search_words(coalesce(part[2], part[3])) || '"' END,
                    ' ' ORDER BY place), ''))
                FROM regexp_matches(value COLLATE pg_c_utf8, '(-?)(?:"([^"]*)"?|([^\s"]+))', 'g')
                    WITH ORDINALITY AS parts (part, place));

        CREATE FUNCTION public.search_beginning(value text) RETURNS tsquery
            LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
            RETURN (nullif(phraseto_tsquery('pg_catalog.simple', public.search_words(value))::text, '') || ':*')::tsquery;
        """;

    public const string Drop = """
        DROP FUNCTION public.search_beginning(text);
        DROP FUNCTION public.search_query(text);
        DROP FUNCTION public.search_key(text);
        DROP FUNCTION public.search_terms(text[]);
        DROP FUNCTION public.search_terms(text);
        DROP FUNCTION public.search_words(text);
        DROP FUNCTION public.search_fold(text);
        """;
}
