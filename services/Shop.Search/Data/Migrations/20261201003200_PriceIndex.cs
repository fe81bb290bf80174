using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Shop.Search.Data.Migrations
{
    /// <inheritdoc />
    public partial class PriceIndex : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "ix_product_documents_price",
                table: "product_documents",
                columns: new[] { "price", "name", "product_id" },
                filter: "listed")
                .Annotation("Npgsql:CreatedConcurrently", true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_product_documents_price",
                table: "product_documents");
        }
    }
}
