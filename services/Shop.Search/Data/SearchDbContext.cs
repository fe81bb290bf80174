using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Shop.Messaging;
using Shop.ServiceDefaults.Data;

namespace Shop.Search.Data;

/// <summary>Search's own database: a document for each product, outbox and inbox.</summary>
internal sealed class SearchDbContext(DbContextOptions<SearchDbContext> options) : DbContext(options)
{
    private const string IfListed = "listed";

    public DbSet<ProductDocument> Products => Set<ProductDocument>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.AddMessaging();
        // Both are 'trusted': the owner of the database may create them, and needs no superuser.
        modelBuilder.HasPostgresExtension("pg_trgm");
        modelBuilder.HasPostgresExtension("unaccent");
        modelBuilder.HasDbFunction(() => SearchFunctions.Key("")).HasName("search_key");
        modelBuilder.HasDbFunction(() => SearchFunctions.Query("")).HasName("search_query");
        modelBuilder.HasDbFunction(() => SearchFunctions.Beginning("")).HasName("search_beginning");
        modelBuilder.Entity<ProductDocument>(MapProduct);
    }

    private static void MapProduct(EntityTypeBuilder<ProductDocument> product)
    {
        product.ToTable("product_documents");
        product.HasKey(p => p.ProductId);
        product.Property(p => p.ProductId).ValueGeneratedNever();
        product.Property(p => p.Price).HasPrecision(18, 2);
        product.Property(p => p.Name).UseCollation(Collations.People);
        product.Property(p => p.NameKey).HasComputedColumnSql("search_key(name)", stored: true);
        product
            .Property(p => p.NameWords)
            .HasComputedColumnSql("to_tsvector('pg_catalog.simple', search_terms(name))", stored: true);
        product
            .Property(p => p.Words)
            .HasComputedColumnSql(
                """
                setweight(to_tsvector('pg_catalog.english', search_terms(name)), 'A')
                || setweight(to_tsvector('pg_catalog.english', search_terms(categories)), 'B')
                || setweight(to_tsvector('pg_catalog.english', search_terms(description)), 'C')
                """,
                stored: true
            );

        // Without fastupdate a search never has to look through a list of entries that are still to be put in their places.
        product.HasIndex(p => p.Words).HasMethod("gin").HasFilter(IfListed).HasStorageParameter("fastupdate", false);
        product
            .HasIndex(p => p.NameWords)
            .HasMethod("gin")
            .HasFilter(IfListed)
            .HasStorageParameter("fastupdate", false);
        product
            .HasIndex(p => p.NameKey)
            .HasMethod("gin")
            .HasOperators("gin_trgm_ops")
            .HasFilter(IfListed)
            .HasStorageParameter("fastupdate", false);
        product
            .HasIndex(p => p.Categories)
            .HasMethod("gin")
            .HasFilter(IfListed)
            .HasStorageParameter("fastupdate", false);
        // The list of everything, page by page, in each order. Equal prices go by name in both directions, so one index
        // cannot be read backwards for the other.
        product.HasIndex(p => new { p.Name, p.ProductId }).HasFilter(IfListed);
        product
            .HasIndex(
                p => new
                {
                    p.Price,
                    p.Name,
                    p.ProductId,
                },
                "ix_product_documents_price"
            )
            .HasDatabaseName("ix_product_documents_price")
            .HasFilter(IfListed)
            .IsCreatedConcurrently();
        product
            .HasIndex(
                p => new
                {
                    p.Price,
                    p.Name,
                    p.ProductId,
                },
                "ix_product_documents_price_descending"
            )
            .HasDatabaseName("ix_product_documents_price_descending")
            .IsDescending(true, false, false)
            .HasFilter(IfListed)
            .IsCreatedConcurrently();
    }
}
