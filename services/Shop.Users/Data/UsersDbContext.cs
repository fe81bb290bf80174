using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OpenIddict.EntityFrameworkCore.Models;
using Shop.Messaging;
using Shop.Users.Domain;
using Shop.Users.Keys;
using Shop.Users.SignIn;

namespace Shop.Users.Data;

/// <summary>
/// Users' own database: the people and how they sign in, OpenIddict's clients and tokens, the keys, outbox and inbox.
/// </summary>
internal sealed class UsersDbContext(DbContextOptions<UsersDbContext> options)
    : DbContext(options),
        IDataProtectionKeyContext
{
    /// <summary>Makes an address unique, whatever its case.</summary>
    public const string EmailIndex = "ix_users_normalized_email";

    public DbSet<User> Users => Set<User>();

    public DbSet<Credential> Credentials => Set<Credential>();

    public DbSet<IssuerKey> IssuerKeys => Set<IssuerKey>();

    /// <summary>What cookies and forms are protected with.</summary>
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.AddMessaging();
        modelBuilder.Entity<User>(MapUser);
        modelBuilder.Entity<Credential>(MapCredential);
        modelBuilder.Entity<IssuerKey>().Property(key => key.Id).ValueGeneratedNever();
        modelBuilder.UseOpenIddict<Guid>();
        modelBuilder.Entity<OpenIddictEntityFrameworkCoreApplication<Guid>>().ToTable("oidc_clients");
        modelBuilder.Entity<OpenIddictEntityFrameworkCoreAuthorization<Guid>>().ToTable("oidc_authorizations");
        modelBuilder.Entity<OpenIddictEntityFrameworkCoreScope<Guid>>().ToTable("oidc_scopes");
        modelBuilder.Entity<OpenIddictEntityFrameworkCoreToken<Guid>>().ToTable("oidc_tokens");
    }

    private static void MapCredential(EntityTypeBuilder<Credential> credential)
    {
        credential.HasKey(c => c.UserId);
        credential.Property(c => c.UserId).ValueGeneratedNever();
        credential
            .HasOne(c => c.User)
            .WithOne()
            .HasForeignKey<Credential>(c => c.UserId)
            .OnDelete(DeleteBehavior.Cascade);
        // It is another one with each change of the password.
        credential.Property(c => c.SecurityStamp).IsConcurrencyToken();
    }

    private static void MapUser(EntityTypeBuilder<User> user)
    {
        user.Property(u => u.Id).ValueGeneratedNever();
        user.Property(u => u.Email).HasMaxLength(UserRules.MaxEmailLength);
        // The domain is longer in ASCII.
        user.Property(u => u.NormalizedEmail).HasMaxLength(320);
        user.HasIndex(u => u.NormalizedEmail).IsUnique().HasDatabaseName(EmailIndex);
        user.Property(u => u.PhoneNumber).HasMaxLength(UserRules.MaxPhoneLength);
        user.ComplexProperty(
            u => u.Preferences,
            preferences =>
            {
                preferences.Property(p => p.Email).HasColumnName("wants_email");
                preferences.Property(p => p.Sms).HasColumnName("wants_sms");
                preferences.Property(p => p.Push).HasColumnName("wants_push");
            }
        );
        user.Property(u => u.RegistrationHash).HasMaxLength(32);
        user.Property<uint>("xmin").IsRowVersion();
        user.Ignore(u => u.IsAdmin);

        // For the rule that one administrator is left.
        user.HasIndex(u => u.Roles).HasDatabaseName("ix_users_admins").HasFilter("'admin' = any(roles)");
        user.ToTable(table =>
        {
            table.HasCheckConstraint("ck_users_sms", "not wants_sms or phone_number is not null");
            table.HasCheckConstraint(
                "ck_users_roles",
                "cardinality(roles) > 0 and roles <@ array['customer', 'operator', 'admin']"
            );
        });
    }
}
