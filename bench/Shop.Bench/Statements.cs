using System.Text.RegularExpressions;
using Npgsql;

namespace Shop.Bench;

/// <summary>Which statements the database server spends its time on, from pg_stat_statements.</summary>
internal static partial class Statements
{
    private const int Shown = 12;

    public static async Task ResetAsync(ShopUnderLoad shop)
    {
        await using var source = await OpenAsync(shop);
        await using var command = source.CreateCommand(
            "CREATE EXTENSION IF NOT EXISTS pg_stat_statements; SELECT pg_stat_statements_reset()"
        );
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Prints the most expensive ones, for each order.</summary>
    public static async Task ReportAsync(ShopUnderLoad shop, int orders)
    {
        await using var source = await OpenAsync(shop);
        await using var command = source.CreateCommand(
            $"""
            SELECT d.datname, s.query, s.calls, s.total_exec_time + s.total_plan_time
            FROM pg_stat_statements AS s JOIN pg_database AS d ON d.oid = s.dbid
            WHERE d.datname LIKE '%db'
            ORDER BY s.total_exec_time + s.total_plan_time DESC LIMIT {Shown}
            """
        );
        await using var row = await command.ExecuteReaderAsync();
        Console.WriteLine("  the database's dearest statements, for each order:");
        while (await row.ReadAsync())
        {
            var text = Space().Replace(row.GetString(1), " ");
            Console.WriteLine(
                $"    {row.GetDouble(3) / orders, 6:0.000} ms {(double)row.GetInt64(2) / orders, 5:0.0} times  {row.GetString(0), -15} {text[..Math.Min(text.Length, 150)]}"
            );
        }
    }

    private static async Task<NpgsqlDataSource> OpenAsync(ShopUnderLoad shop) =>
        NpgsqlDataSource.Create($"{await shop.ConnectionStringAsync("postgres")};Database=postgres");

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
