using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shop.ServiceDefaults;
using Shop.Testing;
using Shop.Users.Data;

namespace Shop.Users.Tests;

/// <summary>What must be there before the service serves anybody but its developers.</summary>
public sealed class StartTests(InfrastructureFixture infrastructure)
{
    private const string DemoAdmin = "01900000-0000-7000-8000-000000000003";

    private static readonly string Good = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    public static TheoryData<string?, string?, string> Settings =>
        new()
        {
            { null, Good, "Identity:Issuer" },
            { "http://shop.example/", Good, "Identity:Issuer" },
            { "https://shop.example/path", Good, "Identity:Issuer" },
            { "https://shop.example/", null, "Identity:KeyEncryptionKey" },
            { "https://shop.example/", "short", "Identity:KeyEncryptionKey" },
            {
                "https://shop.example/",
                Convert.ToBase64String(SHA256.HashData("for development only"u8)),
                "Identity:KeyEncryptionKey is the one for development"
            },
        };

    [Fact]
    public Task Passwords_are_not_hashed_with_less_work_outside_development() =>
        Outside_development_it_ends_with_a_sentence_that_names_the_setting(
            "https://shop.example/",
            Good,
            "set Identity:PasswordHashRounds to 210000 or more",
            "--Identity:PasswordHashRounds=209999"
        );

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task Outside_development_it_ends_with_a_sentence_that_names_the_setting(
        string? issuer,
        string? key,
        string expected,
        params string[] more
    )
    {
        var (exitCode, error) = await RunAsync([
            "--environment=Production",
            "--urls=http://127.0.0.1:0",
            "--ConnectionStrings:usersdb=Host=127.0.0.1;Port=1;Database=none",
            "--Messaging:Transport=InProcess",
            .. issuer is null ? [] : new[] { "--Identity:Issuer=" + issuer },
            .. more,
            .. key is null ? [] : new[] { "--Identity:KeyEncryptionKey=" + key },
        ]);

        Assert.Equal(1, exitCode);
        Assert.Contains("users does not start: ", error, StringComparison.Ordinal);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_away_does_not_keep_it_from_starting()
    {
        await using var services = new ServiceCollection()
            .AddDbContext<UsersDbContext>(db => db.UseNpgsql("Host=127.0.0.1;Port=1;Database=none"))
            .BuildServiceProvider();
        var check = new NoDemoPeople(services.GetRequiredService<IServiceScopeFactory>());

        await check.StartAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(DemoAdmin, false)]
    [InlineData(DemoAdmin, true)]
    [InlineData("01900000-0000-7000-8000-000000000001", true)]
    public async Task Outside_development_it_serves_nobody_while_somebody_is_there_whose_password_everybody_knows(
        string who,
        bool migrates
    )
    {
        var database = "--ConnectionStrings:usersdb=" + await infrastructure.CreateDatabaseAsync();
        Assert.Equal((0, ""), await RunAsync("migrate", "--environment=Development", database));
        await using (var connection = new NpgsqlConnection(database[(database.IndexOf('=') + 1)..]))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var others = new NpgsqlCommand("delete from users where id <> $1", connection);
            others.Parameters.Add(new() { Value = Guid.Parse(who) });
            await others.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var (exitCode, error) = await RunAsync([
            .. migrates ? ["migrate"] : Array.Empty<string>(),
            "--environment=Production",
            "--urls=http://127.0.0.1:0",
            database,
            "--Identity:Issuer=https://shop.example/",
            "--Identity:KeyEncryptionKey=" + Good,
            "--Messaging:Transport=InProcess",
        ]);

        Assert.Equal(1, exitCode);
        Assert.Contains(
            "people of Development are in the database, with a password that everybody knows",
            Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal
        );
    }

    private static async Task<(int ExitCode, string Error)> RunAsync(params string[] args)
    {
        await using var error = new StringWriter();
        var before = Console.Error;
        Console.SetError(TextWriter.Synchronized(error));
        try
        {
            return (
                await ModuleHost.RunAsync<UsersModule>([.. args, "--Logging:LogLevel:Default=None"]),
                error.ToString()
            );
        }
        finally
        {
            Console.SetError(before);
        }
    }
}
