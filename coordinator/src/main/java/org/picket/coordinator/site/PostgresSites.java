package org.picket.coordinator.site;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.sql.Array;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.picket.proto.circle.Circle;
import org.picket.proto.id.SiteId;
import org.picket.proto.id.StorageId;
import org.picket.proto.seal.Digest;

/// Sites, storages, terms and allowlists in PostgreSQL. Each method runs in its caller's transaction.
final class PostgresSites {
    private static final RowMapper<Site> SITE = (row, context) -> new Site(
            new SiteId(row.getLong("id")),
            row.getString("name"),
            row.getObject("created_at", OffsetDateTime.class).toInstant());

    private static final RowMapper<Storage> STORAGE = (row, context) -> new Storage(
            new StorageId(row.getLong("id")),
            new SiteId(row.getLong("site_id")),
            row.getString("identity"),
            row.getObject("registered_at", OffsetDateTime.class).toInstant());

    private static final RowMapper<TermsText> TERMS = (row, context) -> new TermsText(
            StorageMode.ofCode(row.getInt("mode")),
            row.getString("policy_text"),
            UnsafeByteOperations.unsafeWrap(row.getBytes("bundle_manifest")),
            further(row.getArray("further_manifests")),
            Circle.ofBytes(row.getBytes("circle")));

    private static List<ByteString> further(Array manifests) throws SQLException {
        return Arrays.stream((byte[][]) manifests.getArray())
                .map(UnsafeByteOperations::unsafeWrap)
                .toList();
    }

    private PostgresSites() {}

    static Optional<String> siteName(Handle handle, SiteId site) {
        return handle.createQuery("select name from site where id = :id")
                .bind("id", site.value())
                .mapTo(String.class)
                .findOne();
    }

    static Optional<Site> siteByName(Handle handle, String name) {
        return handle.createQuery("select id, name, created_at from site where name = :name")
                .bind("name", name)
                .map(SITE)
                .findOne();
    }

    /// Does nothing where another transaction was first.
    static void insertSite(Handle handle, String name, Instant now) {
        handle.createUpdate("""
                        insert into site (name, created_at) values (:name, :now)
                        on conflict (name) do nothing
                        """).bind("name", name).bind("now", now).execute();
    }

    /// Lets changes of one site take turns.
    static void lock(Handle handle, SiteId site) {
        handle.createQuery("select revision from site where id = :site for update")
                .bind("site", site.value())
                .mapTo(Long.class)
                .findOne()
                .orElseThrow(() -> new IllegalArgumentException("there is no site " + site));
    }

    static void countUp(Handle handle, SiteId site) {
        handle.createUpdate("update site set revision = revision + 1 where id = :site")
                .bind("site", site.value())
                .execute();
    }

    /// The revision of the storage's site.
    static Optional<Long> revision(Handle handle, StorageId storage) {
        return handle.createQuery("""
                        select site.revision from storage join site on site.id = storage.site_id
                         where storage.id = :storage
                        """)
                .bind("storage", storage.value())
                .mapTo(Long.class)
                .findOne();
    }

    static Optional<Storage> storage(Handle handle, StorageId storage) {
        return handle.createQuery("select id, site_id, identity, registered_at from storage where id = :storage")
                .bind("storage", storage.value())
                .map(STORAGE)
                .findOne();
    }

    static Optional<Storage> storageByIdentity(Handle handle, SiteId site, String identity) {
        return handle.createQuery("""
                        select id, site_id, identity, registered_at from storage
                         where site_id = :site and identity = :identity
                        """)
                .bind("site", site.value())
                .bind("identity", identity)
                .map(STORAGE)
                .findOne();
    }

    static List<Storage> storages(Handle handle, SiteId site, int limit) {
        return handle.createQuery("""
                        select id, site_id, identity, registered_at from storage
                         where site_id = :site order by id limit :limit
                        """)
                .bind("site", site.value())
                .bind("limit", limit)
                .map(STORAGE)
                .list();
    }

    static int countStorages(Handle handle, SiteId site) {
        return handle.createQuery("select count(*) from storage where site_id = :site")
                .bind("site", site.value())
                .mapTo(Integer.class)
                .one();
    }

    static Storage insertStorage(Handle handle, SiteId site, String identity, Instant now) {
        return handle.createQuery("""
                        insert into storage (site_id, identity, registered_at) values (:site, :identity, :now)
                        returning id, site_id, identity, registered_at
                        """)
                .bind("site", site.value())
                .bind("identity", identity)
                .bind("now", now)
                .map(STORAGE)
                .one();
    }

    static Optional<TermsText> terms(Handle handle, StorageId storage) {
        return handle.createQuery(
                        "select mode, policy_text, bundle_manifest, further_manifests, circle from storage_terms"
                                + " where storage_id = :storage")
                .bind("storage", storage.value())
                .map(TERMS)
                .findOne();
    }

    static void putTerms(Handle handle, StorageId storage, TermsText text, Digest epoch, Instant now) {
        handle.createUpdate("""
                        insert into storage_terms
                            (storage_id, mode, policy_text, bundle_manifest, further_manifests, circle, policy_epoch,
                             set_at)
                        values (:storage, :mode, :policy, :manifest, :further, :circle, :epoch, :now)
                        on conflict (storage_id) do update
                           set mode = excluded.mode,
                               policy_text = excluded.policy_text,
                               bundle_manifest = excluded.bundle_manifest,
                               further_manifests = excluded.further_manifests,
                               circle = excluded.circle,
                               policy_epoch = excluded.policy_epoch,
                               set_at = excluded.set_at
                        """)
                .bind("storage", storage.value())
                .bind("mode", text.mode().code())
                .bind("policy", text.policy())
                .bind("manifest", text.bundleManifest().toByteArray())
                .bind(
                        "further",
                        text.further().stream().map(ByteString::toByteArray).toArray(byte[][]::new))
                .bind("circle", text.circle().bytes())
                .bind("epoch", epoch.toByteArray())
                .bind("now", now)
                .execute();
    }

    /// Whether the content was not there before.
    static boolean allow(Handle handle, SiteId site, Digest sha256, String by, Instant now) {
        return handle.createUpdate("""
                                insert into allowlist (site_id, sha256, allowed_by, allowed_at)
                                values (:site, :sha256, :by, :now)
                                on conflict (site_id, sha256) do nothing
                                """)
                        .bind("site", site.value())
                        .bind("sha256", sha256.toByteArray())
                        .bind("by", by)
                        .bind("now", now)
                        .execute()
                > 0;
    }

    /// How many contents are allowed, counted up to `limit`.
    static int countAllowed(Handle handle, SiteId site, int limit) {
        return handle.createQuery(
                        "select count(*) from (select from allowlist where site_id = :site limit :limit) as entries")
                .bind("site", site.value())
                .bind("limit", limit)
                .mapTo(Integer.class)
                .one();
    }

    static List<Digest> allowed(Handle handle, SiteId site, int limit) {
        return handle.createQuery("select sha256 from allowlist where site_id = :site order by sha256 limit :limit")
                .bind("site", site.value())
                .bind("limit", limit)
                .map((row, context) -> Digest.wrap(row.getBytes(1)))
                .list();
    }
}
