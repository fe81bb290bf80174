namespace Shop.EndToEnd;

/// <summary>Products of the seeded catalogue, one for each test that counts stock.</summary>
internal static class Products
{
    public static string Number(int number) => $"01900000-0000-7000-8000-0000001000{number:x2}";
}
