using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Shop.ServiceDefaults.Tests;

/// <summary>The smallest module database: one table, one migration.</summary>
internal sealed class ThingsContext(DbContextOptions<ThingsContext> options) : DbContext(options)
{
    public DbSet<Thing> Things => Set<Thing>();
}

internal sealed class Thing
{
    public Guid Id { get; init; }

    public string GivenName { get; init; } = "";
}

[DbContext(typeof(ThingsContext))]
[Migration("20260101000000_Initial")]
internal sealed class Initial : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.CreateTable(
            "things",
            table => new { id = table.Column<Guid>("uuid"), given_name = table.Column<string>("text") },
            constraints: table => table.PrimaryKey("pk_things", thing => thing.id)
        );
}

[DbContext(typeof(ThingsContext))]
internal sealed class ThingsContextModelSnapshot : ModelSnapshot
{
    protected override void BuildModel(ModelBuilder modelBuilder)
    {
        modelBuilder.UseIdentityByDefaultColumns();
        modelBuilder.Entity(
            "Shop.ServiceDefaults.Tests.Thing",
            thing =>
            {
                thing.Property<Guid>("Id").ValueGeneratedOnAdd().HasColumnType("uuid").HasColumnName("id");
                thing.Property<string>("GivenName").IsRequired().HasColumnType("text").HasColumnName("given_name");
                thing.HasKey("Id").HasName("pk_things");
                thing.ToTable("things");
            }
        );
    }
}
