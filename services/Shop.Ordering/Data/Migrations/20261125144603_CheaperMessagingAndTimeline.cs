using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Shop.Ordering.Data.Migrations
{
    /// <inheritdoc />
    public partial class CheaperMessagingAndTimeline : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_outbox_messages_correlation_id_id",
                table: "outbox_messages");

            migrationBuilder.DropIndex(
                name: "ix_inbox_messages_received_at",
                table: "inbox_messages");

            migrationBuilder.AlterColumn<DateTimeOffset>(
                name: "available_at",
                table: "outbox_messages",
                type: "timestamp with time zone",
                nullable: true,
                oldClrType: typeof(DateTimeOffset),
                oldType: "timestamp with time zone",
                oldDefaultValueSql: "now()");

            migrationBuilder.AddColumn<string>(
                name: "timeline",
                table: "order_sagas",
                type: "json",
                nullable: false,
                defaultValue: "[]");

            // The old table stays for replicas of the version before, which still write into it while this one is rolled out;
            // what they note in that time is missing in the timelines. The next migration drops it.
            migrationBuilder.Sql(
                """
                UPDATE order_sagas AS saga
                SET timeline = told.entries
                FROM (
                    SELECT order_id, json_agg(
                        json_build_object('at', at, 'step', step, 'kind', kind, 'text', text) ORDER BY id) AS entries
                    FROM order_saga_entries GROUP BY order_id) AS told
                WHERE told.order_id = saga.order_id
                """);

            migrationBuilder.CreateIndex(
                name: "ix_outbox_messages_available_at",
                table: "outbox_messages",
                column: "available_at",
                filter: "available_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_inbox_messages_received_at",
                table: "inbox_messages",
                column: "received_at")
                .Annotation("Npgsql:IndexMethod", "brin");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_outbox_messages_available_at",
                table: "outbox_messages");

            migrationBuilder.DropIndex(
                name: "ix_inbox_messages_received_at",
                table: "inbox_messages");

            migrationBuilder.DropColumn(
                name: "timeline",
                table: "order_sagas");

            migrationBuilder.AlterColumn<DateTimeOffset>(
                name: "available_at",
                table: "outbox_messages",
                type: "timestamp with time zone",
                nullable: false,
                defaultValueSql: "now()",
                oldClrType: typeof(DateTimeOffset),
                oldType: "timestamp with time zone",
                oldNullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_outbox_messages_correlation_id_id",
                table: "outbox_messages",
                columns: new[] { "correlation_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_inbox_messages_received_at",
                table: "inbox_messages",
                column: "received_at");
        }
    }
}
