using System.Net;
using Shop.Testing;

namespace Shop.Users.Tests;

public sealed class OwnAccountTests(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    private const string Me = "/api/users/me";
    private const string Preferences = Me + "/preferences";

    private UsersApp _app = null!;
    private Guid _ada;

    public async ValueTask InitializeAsync()
    {
        _app = await UsersApp.StartAsync(infrastructure);
        _ada = await _app.RegisterAsync();
        _app.Time.Advance(TimeSpan.FromMinutes(1));
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Everybody_sees_themselves()
    {
        var grace = await _app.RegisterAsync("grace@example.com", "Grace Hopper");

        Assert.Equal("Ada Lovelace", (await _app.GetMeAsync(_ada)).GetProperty("name").GetString());
        Assert.Equal("Grace Hopper", (await _app.GetMeAsync(grace)).GetProperty("name").GetString());
    }

    [Fact]
    public async Task Who_has_no_account_is_told_how_to_get_one()
    {
        using var response = await _app.SendAsync(HttpMethod.Get, Me, caller: Guid.CreateVersion7());

        var problem = await response.ProblemAsync(HttpStatusCode.NotFound, "not-found");
        Assert.Contains("POST /api/users", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_that_is_known_is_not_sent_again()
    {
        using var first = await _app.SendAsync(HttpMethod.Get, Me, caller: _ada);
        var tag = first.Headers.ETag!.Tag;

        using var again = await _app.SendAsync(HttpMethod.Get, Me, caller: _ada, headers: ("If-None-Match", tag));
        await PatchAsync("""{"name":"Ada King"}""");
        using var changed = await _app.SendAsync(HttpMethod.Get, Me, caller: _ada, headers: ("If-None-Match", tag));

        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.True(first.Headers.CacheControl!.Private);
    }

    [Fact]
    public async Task A_patch_changes_what_it_names_and_leaves_the_rest()
    {
        await PatchAsync("""{"phoneNumber":" +14155550123 "}""");
        await PatchAsync("""{"name":"Ada King"}""");

        var me = await _app.GetMeAsync(_ada);
        Assert.Equal("Ada King", me.GetProperty("name").GetString());
        Assert.Equal("+14155550123", me.GetProperty("phoneNumber").GetString());
        Assert.Equal(_app.Time.GetUtcNow(), me.GetProperty("updatedAt").GetDateTimeOffset());
    }

    [Fact]
    public async Task Null_removes_the_phone_number()
    {
        await PatchAsync("""{"phoneNumber":"+14155550123"}""");

        await PatchAsync("""{"phoneNumber":null}""");

        Assert.Equal(
            System.Text.Json.JsonValueKind.Null,
            (await _app.GetMeAsync(_ada)).GetProperty("phoneNumber").ValueKind
        );
    }

    [Fact]
    public async Task Each_change_is_announced_once_and_counts_the_version_up()
    {
        await PatchAsync("""{"name":"Ada King"}""");
        await PatchAsync("""{"name":"Ada King"}""");
        await PatchAsync("{}");
        await PutAsync(
            new
            {
                email = false,
                sms = false,
                push = true,
            }
        );

        var changes = (await _app.AnnouncedAsync(_ada)).Skip(1).ToList();
        Assert.All(changes, change => Assert.Equal("shop.users.user-changed.v1", change.Type));
        Assert.Equal([2L, 3L], changes.Select(change => change.Json.GetProperty("version").GetInt64()));
        Assert.Equal(
            """{"email":false,"sms":false,"push":true}""",
            changes[^1].Json.GetProperty("preferences").GetRawText()
        );
    }

    [Fact]
    public async Task A_change_of_what_is_no_longer_so_is_refused()
    {
        using var stale = await _app.SendAsync(
            HttpMethod.Patch,
            Me,
            """{"name":"Ada King"}""",
            _ada,
            headers: ("If-Match", "\"7\"")
        );
        using var weak = await _app.SendAsync(
            HttpMethod.Put,
            Preferences,
            new
            {
                email = true,
                sms = false,
                push = true,
            },
            _ada,
            headers: ("If-Match", "W/\"1\"")
        );
        using var current = await _app.SendAsync(
            HttpMethod.Patch,
            Me,
            """{"name":"Ada King"}""",
            _ada,
            headers: ("If-Match", "\"1\"")
        );

        await stale.ProblemAsync(HttpStatusCode.PreconditionFailed, "user-changed-meanwhile");
        await weak.ProblemAsync(HttpStatusCode.PreconditionFailed, "user-changed-meanwhile");
        Assert.Equal(HttpStatusCode.OK, current.StatusCode);
        Assert.Equal("\"2\"", current.Headers.ETag!.Tag);
    }

    [Fact]
    public async Task Of_changes_at_the_same_moment_each_is_saved_or_refused()
    {
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 10)
                .Select(i =>
                    _app.SendAsync(
                        HttpMethod.Patch,
                        Me,
                        $$"""{"name":"Ada {{i}}"}""",
                        _ada,
                        headers: ("If-Match", "\"1\"")
                    )
                )
        );

        Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.Equal(9, answers.Count(answer => answer.StatusCode == HttpStatusCode.PreconditionFailed));
        Assert.Equal(2, (await _app.AnnouncedAsync(_ada)).Count);
    }

    [Theory]
    [InlineData("""{"name":null}""", "name")]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"name":5}""", "name")]
    [InlineData("""{"name":"a\nb"}""", "name")]
    [InlineData("""{"phoneNumber":"0123456789"}""", "phoneNumber")]
    [InlineData("""{"phoneNumber":"+0123456789"}""", "phoneNumber")]
    [InlineData("""{"phoneNumber":"+1415555"}""", null)]
    [InlineData("""{"phoneNumber":"+141555"}""", "phoneNumber")]
    [InlineData("""{"phoneNumber":"+123456789012345"}""", null)]
    [InlineData("""{"phoneNumber":"+1234567890123456"}""", "phoneNumber")]
    [InlineData("""{"phoneNumber":"+1415555012a"}""", "phoneNumber")]
    [InlineData("""{"phoneNumber":"+١٢٣٤٥٦٧٨٩"}""", "phoneNumber")]
    [InlineData("""{"phoneNumber":14155550123}""", "phoneNumber")]
    [InlineData("""{"email":"other@example.com"}""", "email")]
    [InlineData("""{"roles":["admin"]}""", "roles")]
    public async Task A_patch_is_checked_by_its_fields(string patch, string? field)
    {
        using var response = await _app.SendAsync(HttpMethod.Patch, Me, patch, _ada);

        if (field is null)
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
        else
        {
            await response.RefusesAsync(field);
        }
    }

    [Fact]
    public async Task Sms_needs_a_phone_number()
    {
        using var without = await _app.SendAsync(
            HttpMethod.Put,
            Preferences,
            new
            {
                email = true,
                sms = true,
                push = false,
            },
            _ada
        );
        var problem = await without.ProblemAsync(HttpStatusCode.UnprocessableEntity, "phone-number-needed");
        Assert.True(problem.GetProperty("errors").TryGetProperty("phoneNumber", out _));

        var me = await PutAsync(
            new
            {
                email = true,
                sms = true,
                push = false,
                phoneNumber = "+14155550123",
            }
        );
        Assert.True(me.GetProperty("preferences").GetProperty("sms").GetBoolean());
        Assert.Equal("+14155550123", me.GetProperty("phoneNumber").GetString());
    }

    [Fact]
    public async Task The_phone_number_stays_as_long_as_sms_is_on()
    {
        await PutAsync(
            new
            {
                email = true,
                sms = true,
                push = false,
                phoneNumber = "+14155550123",
            }
        );

        using var removed = await _app.SendAsync(HttpMethod.Patch, Me, """{"phoneNumber":null}""", _ada);
        using var both = await _app.SendAsync(
            HttpMethod.Put,
            Preferences,
            new
            {
                email = true,
                sms = true,
                push = false,
                phoneNumber = (string?)null,
            },
            _ada
        );
        var off = await PutAsync(
            new
            {
                email = true,
                sms = false,
                push = false,
                phoneNumber = (string?)null,
            }
        );

        await removed.ProblemAsync(HttpStatusCode.UnprocessableEntity, "phone-number-needed");
        await both.ProblemAsync(HttpStatusCode.UnprocessableEntity, "phone-number-needed");
        Assert.Equal(System.Text.Json.JsonValueKind.Null, off.GetProperty("phoneNumber").ValueKind);
    }

    [Theory]
    [InlineData("""{"email":true,"sms":false}""", "push")]
    [InlineData("""{}""", "email", "sms", "push")]
    [InlineData("""{"email":true,"sms":false,"push":null}""", "push")]
    [InlineData("""{"email":true,"sms":false,"push":"yes"}""", "push")]
    [InlineData("""{"email":true,"sms":false,"push":true,"post":true}""", "post")]
    [InlineData("""{"email":true,"sms":true,"push":true,"phoneNumber":"123"}""", "phoneNumber")]
    public async Task Preferences_are_checked_by_their_fields(string body, params string[] fields)
    {
        using var response = await _app.SendAsync(HttpMethod.Put, Preferences, body, _ada);

        await response.RefusesAsync(fields);
        Assert.Single(await _app.AnnouncedAsync(_ada));
    }

    private async Task PatchAsync(string patch)
    {
        using var response = await _app.SendAsync(HttpMethod.Patch, Me, patch, _ada);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private async Task<System.Text.Json.JsonElement> PutAsync(object preferences)
    {
        using var response = await _app.SendAsync(HttpMethod.Put, Preferences, preferences, _ada);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.JsonAsync();
    }
}
