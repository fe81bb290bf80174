using System.Net;
using System.Security.Claims;
using Shop.Testing;

namespace Shop.ServiceDefaults.Tests;

/// <summary>A token is checked once, and again when there is a reason to.</summary>
public sealed class ValidatedTokenTests
{
    private static readonly Guid User = Guid.Parse("01900000-0000-7000-8000-0000000000aa");
    private static readonly TimeSpan MaxAgeOfKeys = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task A_good_token_need_not_be_checked_again_and_another_one_has_to_be()
    {
        await using var host = await TokenHost.StartAsync();
        var token = host.Tokens.Issue(User);
        Assert.Null(await host.Validated.FindAsync(token));

        Assert.Equal(HttpStatusCode.OK, await host.StatusAsync("/me", token));

        Assert.True((await host.Validated.FindAsync(token))?.IsValid);
        Assert.Null(await host.Validated.FindAsync(token + "x"));
        Assert.Null(await host.Validated.FindAsync(host.Tokens.Issue(Guid.NewGuid())));
    }

    [Theory]
    [MemberData(nameof(ForgedTokens.Kinds), MemberType = typeof(ForgedTokens))]
    public async Task A_token_that_does_not_count_counts_no_more_the_second_time(string kind)
    {
        await using var host = await TokenHost.StartAsync();
        var token = ForgedTokens.Make(kind, host.Tokens);

        Assert.Equal(HttpStatusCode.Unauthorized, await host.StatusAsync("/me", token));
        Assert.Equal(HttpStatusCode.Unauthorized, await host.StatusAsync("/me", token));
    }

    [Fact]
    public async Task What_is_added_to_an_identity_is_gone_with_the_next_request()
    {
        await using var host = await TokenHost.StartAsync();
        var token = host.Tokens.Issue(User);
        Assert.Equal(HttpStatusCode.OK, await host.StatusAsync("/me", token));

        (await host.Validated.FindAsync(token))!.ClaimsIdentity.AddClaim(new Claim("role", "admin"));

        Assert.Equal(HttpStatusCode.Forbidden, await host.StatusAsync("/admins", token));
    }

    [Fact]
    public async Task Keys_that_are_fetched_anew_make_a_token_be_checked_anew()
    {
        await using var host = await TokenHost.StartAsync();
        var token = host.Tokens.Issue(User);
        Assert.Equal(HttpStatusCode.OK, await host.StatusAsync("/me", token));

        host.Clock.Ahead += MaxAgeOfKeys;
        while (await host.Validated.FindAsync(token) is not null)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.Equal(HttpStatusCode.OK, await host.StatusAsync("/me", token));
        Assert.NotNull(await host.Validated.FindAsync(token));
    }
}
