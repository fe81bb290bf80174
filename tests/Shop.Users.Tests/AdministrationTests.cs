using System.Net;
using Shop.Testing;

namespace Shop.Users.Tests;

public sealed class AdministrationTests(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    private UsersApp _app = null!;
    private Guid _admin;

    public async ValueTask InitializeAsync()
    {
        _app = await UsersApp.StartAsync(infrastructure);
        _admin = await _app.AppointAsync("admin@example.com", "customer", "admin");
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData("customer")]
    [InlineData("operator")]
    public async Task Only_administrators_see_others_and_appoint(string role)
    {
        using var list = await _app.SendAsync(HttpMethod.Get, "/api/users", role: role);
        using var one = await _app.SendAsync(HttpMethod.Get, $"/api/users/{_admin}", caller: _admin, role: role);
        using var roles = await ChangeRolesAsync(_admin, ["customer"], role);

        Assert.All([list, one, roles], answer => Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode));
    }

    [Fact]
    public async Task Everybody_is_listed_in_pages_newest_first()
    {
        foreach (var name in new[] { "one", "two", "three" })
        {
            _app.Time.Advance(TimeSpan.FromSeconds(1));
            await _app.RegisterAsync($"{name}@example.com", name);
        }

        using var first = await _app.SendAsync(HttpMethod.Get, "/api/users?pageSize=3", role: "admin");
        using var second = await _app.SendAsync(HttpMethod.Get, "/api/users?page=2&pageSize=3", role: "admin");

        var page = await second.JsonAsync();
        Assert.Equal(["three", "two", "one"], Names(await first.JsonAsync()));
        Assert.Equal(["Grace Hopper"], Names(page));
        Assert.Equal(
            (2, 3, 4L),
            (
                page.GetProperty("page").GetInt32(),
                page.GetProperty("pageSize").GetInt32(),
                page.GetProperty("total").GetInt64()
            )
        );
    }

    [Theory]
    [InlineData("HOPPER", "Grace Hopper")]
    [InlineData("admin@EXAMPLE", "Grace Hopper")]
    [InlineData(" under_score ", "under_score")]
    [InlineData("%", "100% Ada")]
    [InlineData("_", "under_score")]
    [InlineData("\\", "back\\slash")]
    [InlineData("nobody")]
    public async Task People_are_found_by_a_part_of_their_name_or_address(string text, params string[] names)
    {
        foreach (var (email, name) in new[] { ("a", "under_score"), ("b", "100% Ada"), ("c", @"back\slash") })
        {
            await _app.RegisterAsync($"{email}@example.com", name);
        }

        using var found = await _app.SendAsync(
            HttpMethod.Get,
            "/api/users?q=" + Uri.EscapeDataString(text),
            role: "admin"
        );

        Assert.Equal(names, Names(await found.JsonAsync()));
    }

    [Theory]
    [InlineData("ÖZTÜRK", "Ayşe Öztürk")]
    [InlineData("иван", "ИВАН Петров")]
    [InlineData("γιώργος", "ΓΙΏΡΓΟΣ Παππάς")]
    public async Task People_are_found_whatever_the_case_of_their_letters(string text, string name)
    {
        await _app.RegisterAsync("somebody@example.com", name);

        using var found = await _app.SendAsync(
            HttpMethod.Get,
            "/api/users?q=" + Uri.EscapeDataString(text),
            role: "admin"
        );

        Assert.Equal([name], Names(await found.JsonAsync()));
    }

    [Fact]
    public async Task A_person_is_found_by_their_id()
    {
        await _app.RegisterAsync("ada@example.com", "Ada");

        using var found = await _app.SendAsync(HttpMethod.Get, $"/api/users?q={_admin}", role: "admin");

        Assert.Equal(["Grace Hopper"], Names(await found.JsonAsync()));
    }

    [Theory]
    [InlineData("q=a%00b", "q")]
    [InlineData("page=0", "page")]
    [InlineData("pageSize=101", "pageSize")]
    [InlineData("page=-1&pageSize=0", "page", "pageSize")]
    [InlineData("page=x", "page")]
    public async Task A_page_out_of_range_is_refused(string query, params string[] fields)
    {
        using var response = await _app.SendAsync(HttpMethod.Get, "/api/users?" + query, role: "admin");

        await response.RefusesAsync(fields);
    }

    [Fact]
    public async Task One_person_is_shown_and_an_unknown_one_is_not_found()
    {
        using var known = await _app.SendAsync(HttpMethod.Get, $"/api/users/{_admin}", role: "admin");
        using var unknown = await _app.SendAsync(HttpMethod.Get, $"/api/users/{Guid.CreateVersion7()}", role: "admin");

        Assert.Equal("admin@example.com", (await known.JsonAsync()).GetProperty("email").GetString());
        await unknown.ProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Roles_are_replaced_and_announced()
    {
        var id = await _app.RegisterAsync();

        using var response = await ChangeRolesAsync(id, ["operator", "customer"]);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var announced = (await _app.AnnouncedAsync(id))[^1];
        Assert.Equal("shop.users.user-changed.v1", announced.Type);
        Assert.Equal("""["customer","operator"]""", announced.Json.GetProperty("roles").GetRawText());
        Assert.Equal(2, announced.Json.GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task The_same_roles_again_change_nothing()
    {
        using var response = await ChangeRolesAsync(_admin, ["admin", "customer"]);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(2, (await _app.AnnouncedAsync(_admin)).Count);
    }

    [Fact]
    public async Task The_last_administrator_stays_one()
    {
        using var last = await ChangeRolesAsync(_admin, ["customer"]);
        await last.ProblemAsync(HttpStatusCode.Conflict, "last-admin");

        await _app.AppointAsync("second@example.com", "admin");
        using var oneOfTwo = await ChangeRolesAsync(_admin, ["customer"]);
        Assert.Equal(HttpStatusCode.OK, oneOfTwo.StatusCode);
    }

    [Fact]
    public async Task Administrators_who_depose_each_other_at_once_leave_one()
    {
        var admins = new List<Guid> { _admin };
        for (var i = 0; i < 5; i++)
        {
            admins.Add(await _app.AppointAsync($"admin{i}@example.com", "admin"));
        }

        var answers = await Task.WhenAll(admins.Select(admin => ChangeRolesAsync(admin, ["customer"])));

        Assert.Equal(5, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
    }

    [Theory]
    [InlineData("""{}""", "roles")]
    [InlineData("""{"roles":[]}""", "roles")]
    [InlineData("""{"roles":["root"]}""", "roles")]
    [InlineData("""{"roles":["Admin"]}""", "roles")]
    [InlineData("""{"roles":["customer","customer"]}""", "roles")]
    [InlineData("""{"roles":[null]}""", "roles")]
    [InlineData("""{"roles":"admin"}""", "roles")]
    [InlineData("""{"role":["admin"]}""", "role")]
    public async Task Roles_are_checked(string body, string field)
    {
        using var response = await _app.SendAsync(HttpMethod.Put, $"/api/users/{_admin}/roles", body, role: "admin");

        await response.RefusesAsync(field);
    }

    [Fact]
    public async Task Roles_of_what_is_no_longer_so_are_not_changed()
    {
        using var stale = await _app.SendAsync(
            HttpMethod.Put,
            $"/api/users/{_admin}/roles",
            """{"roles":["admin"]}""",
            role: "admin",
            headers: ("If-Match", "\"1\"")
        );
        using var unknown = await ChangeRolesAsync(Guid.CreateVersion7(), ["admin"]);

        await stale.ProblemAsync(HttpStatusCode.PreconditionFailed, "user-changed-meanwhile");
        await unknown.ProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    private Task<HttpResponseMessage> ChangeRolesAsync(Guid id, string[] roles, string role = "admin") =>
        _app.SendAsync(HttpMethod.Put, $"/api/users/{id}/roles", new { roles }, role: role);

    private static IEnumerable<string?> Names(System.Text.Json.JsonElement page) =>
        page.GetProperty("items").EnumerateArray().Select(user => user.GetProperty("name").GetString());
}
