namespace Shop.Search.Data;

/// <summary>What the table needs of the database and the migrations' model cannot say.</summary>
internal static class SearchSchema
{
    /// <summary>
    /// Generated columns take only functions that are declared immutable, which unaccent and array_to_string are not: their
    /// results depend on settings that nobody changes here. All names are qualified, since maintenance runs without the
    /// schema in its search path.
    /// </summary>
    public const string Create = """
        CREATE TEXT SEARCH CONFIGURATION public.shop (COPY = pg_catalog.english);

        ALTER TEXT SEARCH CONFIGURATION public.shop
            ALTER MAPPING FOR hword, hword_part, word WITH public.unaccent, pg_catalog.english_stem;

        CREATE FUNCTION public.search_fold(value text) RETURNS text
            LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
            AS $$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, value)) $$;

        CREATE FUNCTION public.search_like(value text) RETURNS text
            LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
            AS $$ SELECT replace(replace(replace(public.search_fold(value), '\', '\\'), '%', '\%'), '_', '\_') $$;

        CREATE FUNCTION public.search_words(slugs text[]) RETURNS text
            LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
            AS $$ SELECT replace(array_to_string(slugs, ' '), '-', ' ') $$;
        """;

    public const string Drop = """
        DROP FUNCTION public.search_words(text[]);
        DROP FUNCTION public.search_like(text);
        DROP FUNCTION public.search_fold(text);
        DROP TEXT SEARCH CONFIGURATION public.shop;
        """;
}
