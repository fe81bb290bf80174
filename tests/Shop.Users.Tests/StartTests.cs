using System.Security.Cryptography;
using Shop.ServiceDefaults;

namespace Shop.Users.Tests;

/// <summary>What must be there before the service serves anybody but its developers.</summary>
public sealed class StartTests
{
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
        await using var error = new StringWriter();
        var before = Console.Error;
        Console.SetError(TextWriter.Synchronized(error));
        int exitCode;
        try
        {
            exitCode = await ModuleHost.RunAsync<UsersModule>([
                "--environment=Production",
                "--urls=http://127.0.0.1:0",
                "--ConnectionStrings:usersdb=Host=127.0.0.1;Port=1;Database=none",
                "--Logging:LogLevel:Default=None",
                .. issuer is null ? [] : new[] { "--Identity:Issuer=" + issuer },
                .. more,
                .. key is null ? [] : new[] { "--Identity:KeyEncryptionKey=" + key },
            ]);
        }
        finally
        {
            Console.SetError(before);
        }

        Assert.Equal(1, exitCode);
        Assert.Contains("users does not start: ", error.ToString(), StringComparison.Ordinal);
        Assert.Contains(expected, error.ToString(), StringComparison.Ordinal);
    }
}
