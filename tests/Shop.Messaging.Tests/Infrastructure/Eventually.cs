namespace Shop.Messaging.Tests;

/// <summary>Waits for what another process is about to bring about, with a limit that only a failure reaches.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static async Task<T> GetAsync<T>(string what, Func<Task<T>> get, Func<T, bool> isThere)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            var value = await get();
            if (isThere(value))
            {
                return value;
            }

            if (limit.IsCancellationRequested)
            {
                Assert.Fail($"Waited {Limit.TotalSeconds} s for {what}; it is {value}.");
            }

            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }
}
