using Shop.ServiceDefaults.Telemetry;

namespace Shop.ServiceDefaults.Tests;

public sealed class QuerySummaryTests
{
    [Theory]
    [InlineData("SELECT o.id, o.status\nFROM orders AS o\nWHERE o.id = @id\nLIMIT 1", "SELECT orders")]
    [InlineData("UPDATE orders SET status = @p0\nWHERE id = @p1 AND xmin = @p2\nRETURNING xmin", "UPDATE orders")]
    [InlineData("DELETE FROM order_lines WHERE id = ANY(@ids)", "DELETE order_lines")]
    [InlineData(
        "INSERT INTO orders (id) VALUES (@p0);\nINSERT INTO outbox_messages (id) VALUES (@p1);\nINSERT INTO outbox_messages (id) VALUES (@p2);",
        "INSERT orders INSERT outbox_messages"
    )]
    [InlineData("SELECT id FROM payments WHERE due < now() FOR UPDATE SKIP LOCKED", "SELECT payments")]
    [InlineData(
        "INSERT INTO views (id) VALUES (@p0) ON CONFLICT (id) DO UPDATE SET name = excluded.name",
        "INSERT views"
    )]
    [InlineData("INSERT INTO inbox_messages (id) SELECT * FROM unnest(@ids) AS d (id)", "INSERT inbox_messages")]
    [InlineData("SELECT s.id FROM (SELECT id FROM \"stock\" WHERE a IS DISTINCT FROM b) AS s", "SELECT stock")]
    [InlineData("select 1", "SELECT")]
    public void A_summary_names_operations_and_tables_and_no_values(string sql, string summary) =>
        Assert.Equal(summary, QuerySummary.Of(sql));
}
