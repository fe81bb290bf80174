using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace Shop.Testing;

/// <summary>Tokens of an admin that must not count, by what is wrong with them.</summary>
public static class ForgedTokens
{
    private static readonly Guid User = Guid.Parse("01900000-0000-7000-8000-0000000000aa");

    private static readonly Dictionary<string, Func<TestTokens, string>> All = new()
    {
        ["expired"] = tokens => Changed(tokens, token => Live(token, from: -20, until: -1)),
        ["not yet valid"] = tokens => Changed(tokens, token => Live(token, from: 1, until: 20)),
        ["valid for ever"] = tokens => Changed(tokens, token => token.Expires = null),
        ["of another issuer"] = tokens => Changed(tokens, token => token.Issuer = "https://shop.test.example/"),
        ["without an issuer"] = tokens => Changed(tokens, token => token.Issuer = null),
        ["for another audience"] = tokens => Changed(tokens, token => token.Audience = "warehouse"),
        ["without an audience"] = tokens => Changed(tokens, token => token.Audience = null),
        ["an id token"] = tokens => Changed(tokens, token => token.TokenType = "JWT"),
        ["of a subject that is no user"] = tokens => Changed(tokens, token => token.Claims["sub"] = "shop-cli"),
        ["signed by nobody"] = tokens => Unsigned(tokens),
        ["without its signature"] = tokens => tokens.Issue(User, "admin")[..^342],
        ["signed with the public key as a secret"] = tokens =>
            Changed(tokens, token => token.SigningCredentials = Hmac(tokens)),
        ["signed by another algorithm"] = tokens =>
            Changed(tokens, token => token.SigningCredentials = new(tokens.Key, SecurityAlgorithms.RsaSsaPssSha256)),
        ["signed by an unknown key"] = tokens => Signed(tokens, TestTokens.NewKey()),
        ["signed by another key under a known name"] = tokens =>
            Signed(tokens, new(TestTokens.NewKey().Rsa) { KeyId = tokens.Key.KeyId }),
        ["signed by a key without a name"] = tokens => Signed(tokens, new(tokens.Key.Rsa)),
        ["changed after it was signed"] = Tampered,
        ["no token at all"] = _ => "admin",
    };

    /// <summary>What can be wrong with one.</summary>
    public static Xunit.TheoryData<string> Kinds => [.. All.Keys];

    /// <summary>One of a kind.</summary>
    public static string Make(string kind, TestTokens tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        return All[kind](tokens);
    }

    /// <summary>Tokens that name keys which the issuer has never had.</summary>
    public static IReadOnlyList<string> OfInventedKeys(TestTokens tokens, int count)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        var rsa = TestTokens.NewKey().Rsa;
        return [.. Enumerable.Range(0, count).Select(i => Signed(tokens, new(rsa) { KeyId = $"invented-{i}" }))];
    }

    private static string Changed(TestTokens tokens, Action<SecurityTokenDescriptor> change) =>
        tokens.Issue(User, "admin", change);

    private static void Live(SecurityTokenDescriptor token, int from, int until)
    {
        var now = token.NotBefore!.Value;
        token.NotBefore = now.AddMinutes(from);
        token.Expires = now.AddMinutes(until);
    }

    private static string Signed(TestTokens tokens, RsaSecurityKey key) =>
        Changed(tokens, token => token.SigningCredentials = new(key, SecurityAlgorithms.RsaSha256));

    private static SigningCredentials Hmac(TestTokens tokens)
    {
        var secret = Encoding.ASCII.GetBytes(tokens.Key.Rsa.ExportSubjectPublicKeyInfoPem());
        return new(new SymmetricSecurityKey(secret) { KeyId = tokens.Key.KeyId }, SecurityAlgorithms.HmacSha256);
    }

    private static string Unsigned(TestTokens tokens)
    {
        var header = $$"""{"alg":"none","typ":"at+jwt","kid":"{{tokens.Key.KeyId}}"}""";
        return $"{Base64UrlEncoder.Encode(header)}.{tokens.Issue(User, "admin").Split('.')[1]}.";
    }

    private static string Tampered(TestTokens tokens)
    {
        var parts = tokens.Issue(User, "customer").Split('.');
        var payload = Base64UrlEncoder.Decode(parts[1]);
        parts[1] = Base64UrlEncoder.Encode(payload.Replace("customer", "admin", StringComparison.Ordinal));
        return string.Join('.', parts);
    }
}
