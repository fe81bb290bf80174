using System.Globalization;

namespace Shop.Chaos.Tests;

/// <summary>How much of everything a run has.</summary>
internal sealed record ChaosForm(TimeSpan Length, int Orders, int Kills, int Freezes)
{
    private static readonly ChaosForm s_short = new(TimeSpan.FromSeconds(60), Orders: 300, Kills: 13, Freezes: 2);
    private static readonly ChaosForm s_full = new(TimeSpan.FromMinutes(10), Orders: 10_000, Kills: 65, Freezes: 10);

    private static bool IsFull => Environment.GetEnvironmentVariable("SHOP_CHAOS") == "full";

    /// <summary>The short form, unless <c>SHOP_CHAOS</c> is <c>full</c>.</summary>
    public static ChaosForm Chosen => IsFull ? s_full : s_short;

    /// <summary><c>SHOP_CHAOS_SEED</c>; without it, 1 in the short form and a new one in the full form.</summary>
    public static int Seed =>
        Environment.GetEnvironmentVariable("SHOP_CHAOS_SEED") is { Length: > 0 } seed
            ? int.Parse(seed, CultureInfo.InvariantCulture)
        : IsFull ? Random.Shared.Next(1, 1_000_000)
        : 1;
}
