using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Shop.Search.Data.Migrations
{
    /// <inheritdoc />
    public partial class PriceDescendingIndex : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "ix_product_documents_price_descending",
                table: "product_documents",
                columns: new[] { "price", "name", "product_id" },
                descending: new[] { true, false, false },
                filter: "listed")
                .Annotation("Npgsql:CreatedConcurrently", true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_product_documents_price_descending",
                table: "product_documents");
        }
    }
}
