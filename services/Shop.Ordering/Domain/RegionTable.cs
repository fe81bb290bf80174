using System.Globalization;

namespace Shop.Ordering.Domain;

/// <summary>
/// The regions as a table: for each country its code, its name, its rate in percent, and its subdivisions with their codes
/// and names, and with their rates where the country has none for all.
/// </summary>
internal static class RegionTable
{
    private const StringSplitOptions Trimmed = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;

    private static readonly (string Country, string Name, decimal Percent, string Subdivisions)[] Countries =
    [
        (
            "AT",
            "Austria",
            20m,
            """
            1 Burgenland; 2 Carinthia; 3 Lower Austria; 5 Salzburg; 6 Styria; 7 Tyrol; 4 Upper Austria; 9 Vienna;
            8 Vorarlberg
            """
        ),
        (
            "FR",
            "France",
            20m,
            """
            ARA Auvergne-Rhône-Alpes; BFC Bourgogne-Franche-Comté; BRE Brittany; CVL Centre-Val de Loire; 20R Corsica;
            GES Grand Est; HDF Hauts-de-France; IDF Île-de-France; NOR Normandy; NAQ Nouvelle-Aquitaine; OCC Occitanie;
            PDL Pays de la Loire; PAC Provence-Alpes-Côte d'Azur
            """
        ),
        (
            "DE",
            "Germany",
            19m,
            """
            BW Baden-Württemberg; BY Bavaria; BE Berlin; BB Brandenburg; HB Bremen; HH Hamburg; HE Hesse;
            NI Lower Saxony; MV Mecklenburg-Western Pomerania; NW North Rhine-Westphalia; RP Rhineland-Palatinate;
            SL Saarland; SN Saxony; ST Saxony-Anhalt; SH Schleswig-Holstein; TH Thuringia
            """
        ),
        (
            "NL",
            "Netherlands",
            21m,
            """
            DR Drenthe; FL Flevoland; FR Friesland; GE Gelderland; GR Groningen; LI Limburg; NB North Brabant;
            NH North Holland; OV Overijssel; ZH South Holland; UT Utrecht; ZE Zeeland
            """
        ),
        ("GB", "United Kingdom", 20m, "ENG England; NIR Northern Ireland; SCT Scotland; WLS Wales"),
        (
            "US",
            "United States",
            0m,
            """
            AL Alabama 4.0; AK Alaska 0; AZ Arizona 5.6; AR Arkansas 6.5; CA California 7.25; CO Colorado 2.9;
            CT Connecticut 6.35; DE Delaware 0; DC District of Columbia 6.0; FL Florida 6.0; GA Georgia 4.0;
            HI Hawaii 4.0; ID Idaho 6.0; IL Illinois 6.25; IN Indiana 7.0; IA Iowa 6.0; KS Kansas 6.5; KY Kentucky 6.0;
            LA Louisiana 5.0; ME Maine 5.5; MD Maryland 6.0; MA Massachusetts 6.25; MI Michigan 6.0; MN Minnesota 6.875;
            MS Mississippi 7.0; MO Missouri 4.225; MT Montana 0; NE Nebraska 5.5; NV Nevada 6.85; NH New Hampshire 0;
            NJ New Jersey 6.625; NM New Mexico 4.875; NY New York 4.0; NC North Carolina 4.75; ND North Dakota 5.0;
            OH Ohio 5.75; OK Oklahoma 4.5; OR Oregon 0; PA Pennsylvania 6.0; RI Rhode Island 7.0; SC South Carolina 6.0;
            SD South Dakota 4.2; TN Tennessee 7.0; TX Texas 6.25; UT Utah 6.1; VT Vermont 6.0; VA Virginia 5.3;
            WA Washington 6.5; WV West Virginia 6.0; WI Wisconsin 5.0; WY Wyoming 4.0
            """
        ),
    ];

    public static IEnumerable<Region> Read() =>
        from country in Countries
        from entry in country.Subdivisions.Split(';', Trimmed)
        select Read(country.Country, country.Name, country.Percent, entry.Split((char[]?)null, Trimmed));

    private static Region Read(string country, string countryName, decimal percent, string[] words)
    {
        var hasOwn = decimal.TryParse(words[^1], CultureInfo.InvariantCulture, out var own);
        var name = string.Join(' ', hasOwn ? words[1..^1] : words[1..]);
        return new Region($"{country}-{words[0]}", name, countryName, (hasOwn ? own : percent) / 100);
    }
}
