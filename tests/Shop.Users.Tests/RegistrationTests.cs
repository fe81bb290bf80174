using System.Net;
using Shop.Testing;

namespace Shop.Users.Tests;

public sealed class RegistrationTests(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    private UsersApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await UsersApp.StartAsync(infrastructure);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_new_person_is_a_customer_who_is_told_by_email()
    {
        using var response = await RegisterAsync(
            new
            {
                email = " Ada@Example.com ",
                name = " Ada Lovelace ",
                password = UsersApp.Password,
            }
        );

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("/api/users/me", response.Headers.Location!.ToString());
        Assert.Equal("\"1\"", response.Headers.ETag!.Tag);
        var user = await response.JsonAsync();
        Assert.Equal("Ada@Example.com", user.GetProperty("email").GetString());
        Assert.Equal("Ada Lovelace", user.GetProperty("name").GetString());
        Assert.Equal(["customer"], user.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
        Assert.Equal("""{"email":true,"sms":false,"push":false}""", user.GetProperty("preferences").GetRawText());
    }

    [Fact]
    public async Task It_is_announced_with_the_whole_person()
    {
        var id = await _app.RegisterAsync();

        var announced = Assert.Single(await _app.AnnouncedAsync(id));
        Assert.Equal("shop.users.user-registered.v1", announced.Type);
        Assert.Equal("users-events", announced.Destination);
        Assert.Equal(
            $$"""{"userId":"{{id}}","email":"ada@example.com","name":"Ada Lovelace","phoneNumber":null,"preferences":{"email":true,"sms":false,"push":false},"roles":["customer"],"version":1}""",
            announced.Json.GetRawText()
        );
    }

    [Fact]
    public async Task The_same_address_in_another_case_is_taken()
    {
        await _app.RegisterAsync("ada@example.com");

        using var again = await RegisterAsync(
            new
            {
                email = "ADA@example.COM",
                name = "Somebody Else",
                password = UsersApp.Password,
            }
        );

        await again.ProblemAsync(HttpStatusCode.Conflict, "email-taken");
        Assert.Equal(1, await _app.CountAnnouncedAsync());
    }

    [Fact]
    public async Task Of_many_who_register_an_address_at_once_one_gets_it()
    {
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 10)
                .Select(i =>
                    RegisterAsync(
                        new
                        {
                            email = "ada@example.com",
                            name = $"Ada {i}",
                            password = UsersApp.Password,
                        }
                    )
                )
        );

        Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        Assert.Equal(9, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
        Assert.Equal(1, await _app.CountAnnouncedAsync());
    }

    [Fact]
    public async Task A_repeated_request_with_the_same_key_gets_the_first_answer()
    {
        var ada = new
        {
            email = "ada@example.com",
            name = "Ada Lovelace",
            password = UsersApp.Password,
        };
        using var first = await RegisterAsync(ada, "key-1");
        var created = await first.JsonAsync();
        await ChangeAsync(created.GetProperty("id").GetGuid());

        using var again = await RegisterAsync(ada, "key-1");

        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.Equal("true", Assert.Single(again.Headers.GetValues("Idempotency-Replayed")));
        Assert.Equal(created.GetRawText(), (await again.JsonAsync()).GetRawText());
        Assert.Equal(2, await _app.CountAnnouncedAsync());
    }

    [Fact]
    public async Task Repeated_at_the_same_moment_it_still_makes_one_account()
    {
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(_ =>
                    RegisterAsync(
                        new
                        {
                            email = "ada@example.com",
                            name = "Ada Lovelace",
                            password = UsersApp.Password,
                        },
                        "key-1"
                    )
                )
        );

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.StatusCode));
        var ids = await Task.WhenAll(
            answers.Select(async answer => (await answer.JsonAsync()).GetProperty("id").GetGuid())
        );
        Assert.Single(ids.Distinct());
    }

    [Theory]
    [InlineData("key-2", "Ada Lovelace", UsersApp.Password)]
    [InlineData("key-1", "Eve", UsersApp.Password)]
    [InlineData("key-1", "Ada Lovelace", "another password")]
    [InlineData(null, "Ada Lovelace", UsersApp.Password)]
    public async Task Another_key_or_name_or_password_is_another_request(string? key, string name, string password)
    {
        using var first = await RegisterAsync(
            new
            {
                email = "ada@example.com",
                name = "Ada Lovelace",
                password = UsersApp.Password,
            },
            "key-1"
        );

        using var other = await RegisterAsync(
            new
            {
                email = "ada@example.com",
                name,
                password,
            },
            key
        );

        await other.ProblemAsync(HttpStatusCode.Conflict, "email-taken");
    }

    [Theory]
    [InlineData("""{"name":"Ada","password":"Pa55-word!"}""", "email")]
    [InlineData("""{"email":"ada@example.com","password":"Pa55-word!"}""", "name")]
    [InlineData("""{"email":"","name":" ","password":""}""", "email", "name", "password")]
    [InlineData("""{"email":"ada@example.com","name":"Ada"}""", "password")]
    [InlineData("""{"email":"ada@example.com","name":"Ada","password":null}""", "password")]
    [InlineData("""{"email":"ada@example.com","name":"Ada","password":"Pa55-wor"}""", "password")]
    [InlineData("""{"email":"ada@example.com","name":"Ada","password":"aaaaaaaaaaaaaaaaaaaa"}""", "password")]
    [InlineData("""{"email":"ada@example.com","name":"Ada","password":"ADA@example.com"}""", "password")]
    [InlineData("""{"email":"ada@example.com","name":"Ada Lovelace","password":"ada lovelace"}""", "password")]
    [InlineData("""{"email":"ada@example.com","name":"Ada","password":"Pa55-word!","roles":["admin"]}""", "roles")]
    [InlineData("""{"email":"ada","name":"Ada","password":"Pa55-word!"}""", "email")]
    [InlineData("""{"email":"ada@localhost","name":"Ada","password":"Pa55-word!"}""", "email")]
    [InlineData("""{"email":"ada@exa mple.com","name":"Ada","password":"Pa55-word!"}""", "email")]
    [InlineData(
        """{"email":"ada@example.com\r\nBcc: eve@example.com","name":"Ada","password":"Pa55-word!"}""",
        "email"
    )]
    [InlineData("""{"email":"ada@example.com,eve@example.com","name":"Ada","password":"Pa55-word!"}""", "email")]
    [InlineData("""{"email":"\"a b\"@example.com","name":"Ada","password":"Pa55-word!"}""", "email")]
    [InlineData("""{"email":"ada@exam_ple.com","name":"Ada","password":"Pa55-word!"}""", "email")]
    [InlineData("""{"email":"ada@example.com","name":"Ada\r\nBcc: eve@example.com","password":"Pa55-word!"}""", "name")]
    [InlineData("""{"email":"ada@example.com","name":"Ada\u2028Lovelace","password":"Pa55-word!"}""", "name")]
    [InlineData("""{"email":"ada@example.com","name":"Ada\u202Eecalevol","password":"Pa55-word!"}""", "name")]
    [InlineData("""{"email":"ada@example.com","name":"Ada\u0000","password":"Pa55-word!"}""", "name")]
    [InlineData("""{"email":"ada@example.com","name":7}""", "name")]
    [InlineData("""[]""", "$")]
    public async Task What_is_wrong_is_refused_by_its_field(string body, params string[] fields)
    {
        using var response = await _app.SendAsync(HttpMethod.Post, "/api/users", body);

        await response.RefusesAsync(fields);
        Assert.Equal(0, await _app.CountAnnouncedAsync());
    }

    [Fact]
    public async Task Text_is_limited_in_length()
    {
        var local = new string('a', 64);
        var domain = string.Join('.', Enumerable.Repeat(new string('b', 60), 3)) + ".co.com";
        using var longest = await RegisterAsync(
            new
            {
                email = $"{local}@{domain}",
                name = new string('n', 100),
                password = UsersApp.Password,
            }
        );
        Assert.Equal(254, local.Length + 1 + domain.Length);
        using var local65 = await RegisterAsync(
            new
            {
                email = $"a{local}@example.com",
                name = "Ada",
                password = UsersApp.Password,
            }
        );
        using var tooLong = await RegisterAsync(
            new
            {
                email = $"{local}@x{domain}",
                name = new string('n', 101),
                password = new string('p', 126) + "abc",
            }
        );

        Assert.Equal(HttpStatusCode.Created, longest.StatusCode);
        await local65.RefusesAsync("email");
        await tooLong.RefusesAsync("email", "name", "password");
    }

    [Fact]
    public async Task A_key_that_cannot_be_one_is_refused()
    {
        using var response = await RegisterAsync(
            new
            {
                email = "ada@example.com",
                name = "Ada",
                password = UsersApp.Password,
            },
            new string('k', 201)
        );

        await response.RefusesAsync("Idempotency-Key");
    }

    private Task<HttpResponseMessage> RegisterAsync(object body, string? key = null) =>
        _app.SendAsync(HttpMethod.Post, "/api/users", body, headers: key is null ? [] : [("Idempotency-Key", key)]);

    private async Task ChangeAsync(Guid user)
    {
        using var response = await _app.SendAsync(
            HttpMethod.Patch,
            "/api/users/me",
            """{"phoneNumber":"+14155550123"}""",
            user
        );
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
