using System.IO.Pipes;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;
using Shop.ServiceDefaults.Telemetry;

namespace Shop.ServiceDefaults.Tests;

public sealed class JsonLogTests
{
    [Fact]
    public async Task Outside_development_logs_are_JSON()
    {
        await using var host = await TestHost.StartAsync();

        Assert.Single(host.Services.GetServices<ILoggerProvider>().OfType<JsonLogs>());
    }

    [Theory]
    [InlineData("Microsoft.EntityFrameworkCore.Database.Command")]
    [InlineData("ZiggyCreatures.Caching.Fusion.FusionCache")]
    public async Task What_libraries_say_of_every_request_is_left_out(string category)
    {
        await using var host = await TestHost.StartAsync();
        var loggers = host.Services.GetRequiredService<ILoggerFactory>();

        Assert.False(loggers.CreateLogger(category).IsEnabled(LogLevel.Information));
        Assert.True(loggers.CreateLogger(category).IsEnabled(LogLevel.Warning));
        Assert.True(loggers.CreateLogger("Shop.Tests").IsEnabled(LogLevel.Information));
    }

    [Fact]
    public void An_entry_is_one_flat_JSON_object_with_its_scopes()
    {
        using var output = new MemoryStream();
        using (var logging = Create(output))
        {
            var logger = logging.CreateLogger("Shop.Tests");
            using var scope = logger.BeginScope(
                new Dictionary<string, object> { ["CorrelationId"] = "order-42", ["Level"] = "forged" }
            );
            logger.LogWarning(
                new InvalidOperationException("broken"),
                "line 1\nline 2 \"{Quoted}\" {Count}",
                "quoted",
                3
            );
        }

        var entry = Assert.Single(Entries(output));
        Assert.Equal("line 1\nline 2 \"quoted\" 3", entry.Text("message"));
        Assert.Equal("Warning", entry.Text("level"));
        Assert.Equal("Shop.Tests", entry.Text("category"));
        Assert.Equal("order-42", entry.Text("correlationId"));
        Assert.Equal("quoted", entry.Text("quoted"));
        Assert.Equal(3, entry.GetProperty("count").GetInt32());
        Assert.NotEmpty(entry.Text("service")!);
        Assert.Contains("InvalidOperationException", entry.Text("exception"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_that_was_logged_is_missing_after_an_orderly_end_and_few_writes_are_made_of_it()
    {
        const int writers = 4;
        const int entries = 5_000; // more than are kept in memory
        using var output = new HeldStream();
        using (var logging = Create(output))
        {
            var work = Task.WhenAll(
                Enumerable
                    .Range(0, writers)
                    .Select(writer =>
                        Task.Run(
                            () =>
                            {
                                var logger = logging.CreateLogger($"writer {writer}");
                                for (var i = 0; i < entries; i++)
                                {
                                    logger.LogInformation("Number {Number}", i);
                                }
                            },
                            TestContext.Current.CancellationToken
                        )
                    )
            );
            output.Release();
            await work;
        }

        var read = Entries(output).ToLookup(entry => entry.Text("category"), entry => entry.GetProperty("number"));
        Assert.Equal(writers, read.Count);
        Assert.All(
            read,
            writer => Assert.Equal(Enumerable.Range(0, entries), writer.Select(number => number.GetInt32()))
        );
        Assert.InRange(output.Writes, 1, writers * entries / 10);
    }

    [Fact]
    public void What_is_logged_after_the_end_is_written_all_the_same()
    {
        using var output = new MemoryStream();
        ILogger logger;
        using (var logging = Create(output))
        {
            logger = logging.CreateLogger("Shop.Tests");
        }

        logger.LogInformation("late");

        Assert.Equal("late", Assert.Single(Entries(output)).Text("message"));
    }

    [Fact]
    public void An_output_that_is_gone_is_no_reason_to_end()
    {
        using var output = new AnonymousPipeServerStream(PipeDirection.Out);
        output.DisposeLocalCopyOfClientHandle();
        using var logging = Create(output);

        logging.CreateLogger("Shop.Tests").LogInformation("into the void");
    }

    private static LoggerFactory Create(Stream output)
    {
        var logging = new LoggerFactory();
        // Ends with it, as it does with a host.
        logging.AddProvider(
            new JsonLogs(new HostingEnvironment { ApplicationName = "tests" }, TimeProvider.System, output)
        );
        return logging;
    }

    private static List<JsonElement> Entries(MemoryStream output) =>
        [
            .. Encoding
                .UTF8.GetString(output.ToArray())
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement),
        ];

    /// <summary>Takes nothing until it is released.</summary>
    private sealed class HeldStream : MemoryStream
    {
        private readonly ManualResetEventSlim released = new();

        public int Writes { get; private set; }

        public void Release() => released.Set();

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            released.Wait();
            Writes++;
            base.Write(buffer);
        }
    }
}
