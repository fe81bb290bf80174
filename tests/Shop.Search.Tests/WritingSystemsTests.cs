using System.Text.Json;
using Shop.Testing;
using static Shop.Search.Tests.Answers;

namespace Shop.Search.Tests;

/// <summary>Search on one database for all tests of a class, each of which begins without products.</summary>
public sealed class SharedSearch(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    internal RunningSearch Search { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Search = await RunningSearch.StartAsync(infrastructure);

    public async ValueTask DisposeAsync() => await Search.DisposeAsync();
}

/// <summary>Words of every writing system, on a database whose own locale is C and knows ASCII only.</summary>
public sealed class WritingSystemsTests(SharedSearch shared) : IClassFixture<SharedSearch>, IAsyncLifetime
{
    private readonly RunningSearch search = shared.Search;

    public async ValueTask InitializeAsync() => await search.ExecuteAsync("TRUNCATE product_documents");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Words are found by words alone here: the other product has similar letters, so likeness would find it, too.</summary>
    [Theory]
    [InlineData("чайник", "Чайник Электрический", "Чайнок")]
    [InlineData("ЧАЙНИК", "Чайник Электрический", "Чайнок")]
    [InlineData("ёлка", "ЕЛКА", "Ёлко")]
    [InlineData("καφες", "ΚΑΦΕΣ ελληνικός", "ΚΑΦΕΤ")]
    [InlineData("ελληνικος", "ΚΑΦΕΣ ελληνικός", "ελληνικοτ")]
    [InlineData("ΕΛΛΗΝΙΚΟΣ ΚΑΦΕΣ", "ΚΑΦΕΣ ελληνικός", "ΚΑΦΕΤ ελληνικός")]
    [InlineData("սուրճ", "ՍՈՒՐՃ", "ՍՈՒՐԿ")] // Armenian
    [InlineData("istanbul", "İSTANBUL", "Istanbol")]
    [InlineData("ISITICI", "ısıtıcı", "ısıtıca")]
    [InlineData("strasse", "Straße", "Strasze")]
    [InlineData("STRAẞE", "strasse", "Strasze")]
    [InlineData("smorrebrod", "Smørrebrød", "Smorrebrot")]
    [InlineData("phở", "PHO\u031B\u0309", "Phong")] // composed and decomposed
    [InlineData("cafe\u0301 creme", "CAFÉ CRÈME", "Cafe cremo")]
    [InlineData("kettle", "ＫＥＴＴＬＥ", "Kettla")] // full width
    [InlineData("５ｋｇ", "Rice 5㎏", "Rice 6kg")]
    [InlineData("كتاب", "كِتَابٌ", "كتان")] // Arabic vowel signs
    [InlineData("احمد", "أحمد", "حمدان")]
    [InlineData("שלום", "שָׁלוֹם", "שלון")] // Hebrew points
    [InlineData("हिन्दी", "किताब हिन्दी में", "हिन्दु")] // the marks are letters here
    [InlineData("தமிழ்", "தமிழ் நூல்", "தமிழா")]
    [InlineData("커피", "커피 원두", "커푀")]
    public async Task Words_are_found_whatever_their_case_accents_and_width(string text, string name, string other)
    {
        await search.StateAsync(name);
        await search.StateAsync(other);

        Assert.Equal([name], (await search.SearchAsync(Q(text))).Names());
        Assert.Equal(name, (await search.SuggestAsync(text)).Names()[0]);
    }

    [Theory]
    [InlineData("kettle", "Oak—kettle")]
    [InlineData("oak", "Oak—kettle")]
    [InlineData("oak-kettle", "Oak—kettle")]
    [InlineData("kettle", "Oak\u00a0kettle")]
    [InlineData("kettle", "Oak\u3000kettle")]
    [InlineData("kettle", "Oak\u2009kettle\u2009large")]
    [InlineData("kettle", "«Kettle»")]
    [InlineData("kettle", "Oak™kettle®")]
    [InlineData("kettle", "Oak×kettle")]
    [InlineData("kettle", "Oak/kettle_large")]
    [InlineData("kettle", "Oak🙈kettle")]
    [InlineData("kettle", "“Kettle”…")]
    [InlineData("kettle", "ket\u00adtle")] // a soft hyphen is no part of the word and no boundary, either
    [InlineData("eau", "L'eau de rose")]
    [InlineData("l’eau", "L'eau de rose")]
    [InlineData("eau", "L’eau de rose")]
    [InlineData("O'Brien", "O’Brien mug")]
    [InlineData("brien", "O'Brien mug")]
    [InlineData("OBrien", "O'Brien mug")]
    [InlineData("1,5 l", "Bottle 1,5 l")]
    [InlineData("1.5 L", "Bottle 1,5 l")]
    [InlineData("state art", "State-of-the-art")]
    [InlineData("кофе", "Чай—кофе")]
    public async Task Dashes_symbols_and_spaces_of_all_kinds_part_words(string text, string name)
    {
        await search.StateAsync(name);
        await search.StateAsync("Chair");

        Assert.Equal([name], (await search.SearchAsync(Q(text))).Names());
    }

    [Theory]
    [InlineData("相机", "便携式数码相机")]
    [InlineData("数码", "便携式数码相机")]
    [InlineData("数码相机", "便携式数码相机")]
    [InlineData("茶", "绿茶杯")] // one character is a word, too
    [InlineData("売上", "今月の売上ノート")]
    [InlineData("ノート", "今月の売上ノート")]
    [InlineData("ﾉｰﾄ", "今月の売上ノート")]
    [InlineData("パン", "食ﾊﾟﾝ焼き器")]
    [InlineData("ひらがな", "はじめてのひらがなカード")]
    [InlineData("個入", "5個入り")]
    [InlineData("น้ำ", "กาต้มน้ำไฟฟ้า")]
    [InlineData("ไฟฟ้า", "กาต้มน้ำไฟฟ้า")]
    [InlineData("ກາເຟ", "ຈອກກາເຟໃຫຍ່")]
    [InlineData("កាហ្វេ", "ម៉ាស៊ីនកាហ្វេថ្មី")]
    [InlineData("កាហ្វេថ្មី", "ម៉ាស៊ីន\u200bកាហ្វេ\u200bថ្មី")] // written with and without invisible spaces
    [InlineData("ကော်ဖီ", "ကော်ဖီခွက်")]
    public async Task Parts_of_what_is_written_without_spaces_are_found(string text, string name)
    {
        await search.StateAsync(name);
        await search.StateAsync("相数机码 売ノ");

        Assert.Equal([name], (await search.SearchAsync(Q(text))).Names());
        Assert.Equal([name], (await search.SuggestAsync(text)).Names());
    }

    [Fact]
    public async Task Phrases_and_exclusions_work_without_spaces_and_ascii()
    {
        await search.StateAsync("便携式数码相机");
        await search.StateAsync("相机包");
        await search.StateAsync("Красный чайник");
        await search.StateAsync("Чайник красный");

        Assert.Equal(["相机包"], (await search.SearchAsync(Q("相机 -数码相机"))).Names());
        Assert.Equal(["Красный чайник"], (await search.SearchAsync(Q("\"красный чайник\""))).Names());
        Assert.Equal(["相机包"], (await search.SearchAsync(Q("包 OR 鞄"))).Names());
        Assert.Equal(3, (await search.SearchAsync(Q("чайник or 相机包"))).GetProperty("total").GetInt64());
    }

    [Theory]
    [InlineData("чайнк", "Чайник Электрический", "Кофеварка")]
    [InlineData("Електричский", "Чайник Электрический", "Кофеварка")]
    [InlineData("ελλινικος", "ΚΑΦΕΣ ελληνικός", "Τσάι")]
    [InlineData("מקלדט", "מקלדת", "עכבר")]
    [InlineData("hedphönes", "Headphones", "Garden hose")]
    public async Task Typos_are_forgiven_in_every_alphabet(string typo, string name, string other)
    {
        await search.StateAsync(name);
        await search.StateAsync(other);

        Assert.Equal([name], (await search.SearchAsync(Q(typo))).Names());
        Assert.Equal([name], (await search.SuggestAsync(typo)).Names());
    }

    [Theory]
    [InlineData("🙈")]
    [InlineData("—")]
    [InlineData("™ ×")]
    [InlineData("1\ufe0f\u20e3🙈", "1")]
    public async Task A_text_without_words_finds_nothing_and_one_with_words_finds_those(
        string text,
        string? found = null
    )
    {
        await search.StateAsync("🙈");
        await search.StateAsync("Lamp 1");

        Assert.Equal(found is null ? [] : ["Lamp 1"], (await search.SearchAsync(Q(text))).Names());
        Assert.Equal(found is null ? [] : ["Lamp 1"], (await search.SuggestAsync(text)).Names());
    }

    [Fact]
    public async Task A_word_in_the_name_counts_more_than_in_the_description_in_every_script_and_facets_count_both()
    {
        await search.StateAsync("Поднос", description: "Подходит под ЧАЙНИК.", categories: ["tray"]);
        await search.StateAsync("Чайник", categories: ["kettle"]);
        await search.StateAsync("托盘", description: "适合茶壶", categories: ["tray"]);
        await search.StateAsync("紫砂茶壶", categories: ["kettle"]);

        Assert.Equal(["Чайник", "Поднос"], (await search.SearchAsync(Q("чайник"))).Names());
        var answer = await search.SearchAsync(Q("茶壶"));
        Assert.Equal(["紫砂茶壶", "托盘"], answer.Names());
        Assert.Equal(2, answer.GetProperty("facets").GetProperty("categories").GetArrayLength());
    }

    [Fact]
    public async Task Names_that_begin_with_the_text_are_suggested_before_those_with_a_later_word()
    {
        await search.StateAsync("Зелёный чай");
        await search.StateAsync("ЧАЙНИК");
        await search.StateAsync("Чай—кофе");
        await search.StateAsync("Случайный");

        Assert.Equal(["Чай—кофе", "ЧАЙНИК", "Зелёный чай"], (await search.SuggestAsync("чай")).Names());
        Assert.Equal(["Чай—кофе"], (await search.SuggestAsync("чай ко")).Names());
    }

    [Theory]
    [InlineData("чай", "Зелёный ЧАЙ, чайник", "ЧАЙ|чай")]
    [InlineData("creme", "Crème brûlée", "Crème")]
    [InlineData("creme bru", "Cre\u0300me—brûlée", "Cre\u0300me—brû")]
    [InlineData("strass", "Straße", "Straß")]
    [InlineData("相机", "数码相机", "相机")]
    [InlineData("ノート", "🙈 売上ﾉｰﾄ", "ﾉｰﾄ")]
    [InlineData("bot", "Robot bottle", "bot")]
    [InlineData("καφες", "🙈ΚΑΦΕΣ", "ΚΑΦΕΣ")]
    [InlineData("kettle", "ket\u00adtle", "ket\u00adtle")]
    [InlineData("hedphones", "Headphones", "")]
    public async Task Highlights_are_where_the_text_is_in_the_name(string text, string name, string expected)
    {
        await search.StateAsync(name);

        var item = (await search.SuggestAsync(text)).GetProperty("items")[0];

        var parts = item.GetProperty("highlights").EnumerateArray().Select(place => Part(name, place));
        Assert.Equal(expected, string.Join('|', parts));
    }

    private static string Part(string name, JsonElement place) =>
        name.Substring(place.GetProperty("start").GetInt32(), place.GetProperty("length").GetInt32());
}
