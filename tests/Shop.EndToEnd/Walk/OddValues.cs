using System.Text.Json;

namespace Shop.EndToEnd.Walk;

/// <summary>What somebody sends who is careless, curious or hostile.</summary>
internal static class OddValues
{
    private static readonly string s_endless = new('a', 100);

    /// <summary>Texts for any place that takes one.</summary>
    public static IReadOnlyList<string> Texts { get; } =
    [
        "",
        " ",
        "null",
        "' OR '1'='1' --",
        "'; DROP TABLE orders; --",
        "1); SELECT pg_sleep(5); --",
        "\\'; COPY (SELECT 1) TO PROGRAM 'id'; --",
        "{{7*7}}",
        "${7*7}",
        "{{ for x in 1..1000000 }}x{{ end }}",
        "<%= 7 * 7 %>",
        "<script>alert(1)</script>",
        "../../../etc/passwd",
        "a\r\nSet-Cookie: stolen=yes",
        "%s%n%x",
        "\0",
        "before\0after",
        "\u202Eright to left",
        "\uFEFF",
        "\u2028line\u2029paragraph",
        "e\u0301\u0327\u0489\u0336 zalgo",
        "\U0001F469\u200D\U0001F469\u200D\U0001F467",
        "\u0130\u0131\u017F\u212A",
        "\uFFFE\uFFFF",
        new string('\u00E4', 5000),
        new string('\uFDFA', 100),
        s_endless + "!",
        "^(a+)+$",
        "((((((((((",
        "a & | ! ( :* <-> 'b",
        "* OR NOT \"",
        "\\",
        "%",
        "_%_%_%",
        "not-a-guid",
        "00000000-0000-0000-0000-000000000000",
        "{01900000-0000-7000-8000-000000100035}",
        "01900000000070008000000000100035",
        "0",
        "-1",
        "1.5",
        "1e3",
        "0x10",
        "\u0663",
        "NaN",
        "Infinity",
        "2147483648",
        "99999999999999999999",
        "9999-99-99T99:99:99Z",
        "true",
        "__proto__",
        "4242 4242 4242 4242",
    ];

    /// <summary>Values of a body's members, as JSON; those among them that no serializer would write, too.</summary>
    public static IReadOnlyList<string> Json { get; } =
    [
        .. Texts.Select(text => JsonSerializer.Serialize(text)),
        "null",
        "true",
        "0",
        "-1",
        "-0",
        "1.5",
        "2147483648",
        "-2147483649",
        "9223372036854775808",
        "79228162514264337593543950336",
        "0.12345678901234567890123456789",
        "1e400",
        "-1e400",
        "1e-400",
        "[]",
        "{}",
        "[null]",
        "[[]]",
        """{"$type":"System.Object"}""",
        "\"\\ud800\"",
        "\"\\udfff and more\"",
        Nested(40),
        Nested(400),
    ];

    /// <summary>Parts of a query that no encoder would write.</summary>
    public static IReadOnlyList<string> Encoded { get; } =
    ["%00", "%FF%FE", "%C0%AF", "%ED%A0%80", "%zz", "%", "+", "1&{0}=2", "%2525252e", "[]"];

    /// <summary>Header values; what is not ASCII does not even leave the client.</summary>
    public static IReadOnlyList<string> Headers { get; } =
    [
        "*",
        "\"1\"",
        "W/\"1\"",
        "\"",
        "\"a\", \"b\", *",
        "'; DROP TABLE orders; --",
        "{{7*7}}",
        "-",
        new string('x', 5000),
    ];

    /// <summary>What bodies are said to be.</summary>
    public static IReadOnlyList<string> ContentTypes { get; } =
    [
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
        "application/json; charset=no-such",
        "application/merge-patch+json",
        "application/problem+json",
        "json",
        ";;;",
    ];

    /// <summary>What callers would like to have.</summary>
    public static IReadOnlyList<string> Accepts { get; } =
    [
        "text/html",
        "application/xml",
        "image/*",
        "*/*;q=0",
        "application/json;q=2",
        ";;,",
        "text/html, application/json;q=0.1",
    ];

    /// <summary>Makes something else of a body.</summary>
    public static IReadOnlyList<Func<string, string>> Bodies { get; } =
    [
        _ => "",
        _ => "null",
        _ => "[]",
        _ => "\"text\"",
        _ => "{}",
        _ => "{",
        _ => "<order/>",
        _ => "NaN",
        _ => Nested(5000),
        body => body[..^1],
        body => body + body,
        body => "\uFEFF" + body,
        body => "/* */" + body,
        body => body.Length > 2 ? "{" + body[1..^1] + "," + body[1..] : body, // every member twice
        body => body.Length > 2 ? body[..^1] + ",\"isAdmin\":true}" : body,
        body => body.Length > 2 ? body[..^1] + ",}" : body,
        body => body.Length > 2 ? body[..^1] + $",\"{new string('x', 200_000)}\":1}}" : body,
    ];

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);
}
