using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Shop.Ordering.Data.Migrations
{
    /// <inheritdoc />
    public partial class DropSagaEntries : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Nobody writes into it any more: the timeline is a column of the saga.
            migrationBuilder.DropTable(name: "order_saga_entries");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            // As the version before last made it; what that one needs of it is made from the timelines.
            migrationBuilder.CreateTable(
                name: "order_saga_entries",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    order_id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    step = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    text = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_order_saga_entries", x => x.id);
                    table.ForeignKey(
                        name: "fk_order_saga_entries_order_sagas_order_id",
                        column: x => x.order_id,
                        principalTable: "order_sagas",
                        principalColumn: "order_id",
                        onDelete: ReferentialAction.Cascade);
                });
            migrationBuilder.CreateIndex(
                name: "ix_order_saga_entries_order_id_id",
                table: "order_saga_entries",
                columns: new[] { "order_id", "id" });
            migrationBuilder.Sql(
                """
                INSERT INTO order_saga_entries (order_id, at, step, kind, text)
                SELECT saga.order_id, (entry ->> 'at')::timestamptz, entry ->> 'step', entry ->> 'kind', left(entry ->> 'text', 1000)
                FROM order_sagas AS saga, json_array_elements(saga.timeline) WITH ORDINALITY AS told (entry, number)
                ORDER BY saga.order_id, number
                """);
        }
    }
}
