using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Shop.Messaging;

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
        modelBuilder.HasDbFunction(() => SearchFunctions.Fold("")).HasName("search_fold");
        modelBuilder.HasDbFunction(() => SearchFunctions.Like("")).HasName("search_like");
        modelBuilder.Entity<ProductDocument>(MapProduct);
    }

    private static void MapProduct(EntityTypeBuilder<ProductDocument> product)
    {
        product.ToTable("product_documents");
        product.HasKey(p => p.ProductId);
        product.Property(p => p.ProductId).ValueGeneratedNever();
        product.Property(p => p.Price).HasPrecision(18, 2);
        product.Property(p => p.NameKey).HasComputedColumnSql("search_fold(name)", stored: true);
        product
            .Property(p => p.Words)
            .HasComputedColumnSql(
                """
                setweight(to_tsvector('public.shop'::regconfig, name), 'A')
                || setweight(to_tsvector('public.shop'::regconfig, search_words(categories)), 'B')
                || setweight(to_tsvector('public.shop'::regconfig, description), 'C')
                """,
                stored: true
            );

        // Without fastupdate a search never has to look through a list of entries that are still to be put in their places.
        product.HasIndex(p => p.Words).HasMethod("gin").HasFilter(IfListed).HasStorageParameter("fastupdate", false);
        product
            .HasIndex(p => p.NameKey)
            .HasDatabaseName("ix_product_documents_name_key_trigrams")
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
        product.HasIndex(p => new { p.NameKey, p.ProductId }).HasFilter(IfListed);
        product
            .HasIndex(
                p => new
                {
                    p.Price,
                    p.NameKey,
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
                    p.NameKey,
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
