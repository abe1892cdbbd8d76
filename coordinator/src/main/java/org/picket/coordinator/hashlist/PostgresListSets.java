package org.picket.coordinator.hashlist;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.picket.coordinator.policy.HashType;
import org.picket.coordinator.policy.ListRule;
import org.picket.proto.id.ShardId;
import org.picket.proto.id.SiteId;
import org.picket.proto.seal.Digest;

/// What is in force at an instant, and how that changed, in PostgreSQL. Each method runs in its caller's
/// transaction.
final class PostgresListSets {
    /// Of an entry `e` of a list `l`, at an instant `:at`.
    static final String IN_FORCE = """
             e.status = 1
             and (e.disabled_until is null or e.disabled_until <= :at)
             and (e.expires_at is null or e.expires_at > :at)
             and (l.disabled_until is null or l.disabled_until <= :at)
            """;

    private static final String ENTRIES =
            " from hash_list l join list_entry e on e.list_id = l.id where l.site_id = :site and ";

    /// Of an entry that may flag what the set before let pass: a deny one that has come, an allow one that
    /// went.
    private static final String MAY_FLAG = """
             (l.kind = 2 and (e.changed_in > :number or l.changed_in > :number
                              or e.disabled_until > :computed or l.disabled_until > :computed)
              and %s)
             or (l.kind = 1 and (e.changed_in > :number or l.changed_in > :number
                                 or (e.expires_at > :computed and e.expires_at <= :at))
              and not (%s))
            """.formatted(IN_FORCE, IN_FORCE);

    private static final int FETCH = 10_000;

    private static final RowMapper<Kept> KEPT = (row, context) -> new Kept(
            new ListStamp(
                    row.getLong("number"),
                    row.getLong("grown"),
                    Digest.wrap(row.getBytes("digest")),
                    row.getBoolean("pictures")),
            row.getObject("computed_at", OffsetDateTime.class).toInstant(),
            Optional.ofNullable(row.getObject("changes_at", OffsetDateTime.class))
                    .map(OffsetDateTime::toInstant));

    private PostgresListSets() {}

    /// A set as it is kept.
    ///
    /// @param changes when an entry ends or comes back by itself
    record Kept(ListStamp stamp, Instant computed, Optional<Instant> changes) {
        boolean holds(Instant now) {
            return changes.isEmpty() || changes.get().isAfter(now);
        }
    }

    /// One entry.
    record Row(long list, HashType type, byte[] value) {}

    static Optional<Kept> newest(Handle handle, SiteId site) {
        return handle.createQuery("select * from list_set where site_id = :site order by number desc limit 1")
                .bind("site", site.value())
                .map(KEPT)
                .findOne();
    }

    /// Counts up the revision of the site, by which copies in memory know that they are old.
    static void put(Handle handle, SiteId site, Kept set) {
        handle.createUpdate("update site set revision = revision + 1 where id = :site")
                .bind("site", site.value())
                .execute();
        handle.createUpdate("""
                        insert into list_set (site_id, number, digest, grown, pictures, computed_at, changes_at)
                        values (:site, :number, :digest, :grown, :pictures, :computed, :changes)
                        on conflict (site_id, number) do update
                           set computed_at = excluded.computed_at, changes_at = excluded.changes_at
                        """)
                .bind("site", site.value())
                .bind("number", set.stamp().number())
                .bind("digest", set.stamp().digest().toByteArray())
                .bind("grown", set.stamp().grown())
                .bind("pictures", set.stamp().pictures())
                .bind("computed", set.computed())
                .bind("changes", set.changes())
                .execute();
    }

    /// Hands over every entry in force, in the order of the digest.
    static void each(Handle handle, SiteId site, Instant at, Consumer<Row> each) {
        try (Stream<Row> rows = handle
                .createQuery("select e.list_id, e.type, e.value" + ENTRIES + IN_FORCE
                        + " order by e.list_id, e.type, e.value")
                .bind("site", site.value())
                .bind("at", at)
                .setFetchSize(FETCH)
                .map((row, context) ->
                        new Row(row.getLong(1), HashType.ofCode(row.getInt(2)).orElseThrow(), row.getBytes(3)))
                .stream()) {
            rows.forEach(each);
        }
    }

    /// How many entries of each type are in force.
    static long[] counts(Handle handle, SiteId site, Instant at) {
        long[] counts = new long[HashType.values().length];
        handle.createQuery("select e.type, count(*)" + ENTRIES + IN_FORCE + " group by e.type")
                .bind("site", site.value())
                .bind("at", at)
                .map((row, context) -> new long[] {row.getInt(1), row.getLong(2)})
                .forEach(row -> counts[(int) row[0] - 1] = row[1]);
        return counts;
    }

    /// How many entries of the most frequent type are in force, or come back by themselves.
    static long mostToCome(Handle handle, SiteId site, Instant at) {
        return handle.createQuery("""
                        select coalesce(max(entries), 0) from (
                            select count(*) as entries from hash_list l join list_entry e on e.list_id = l.id
                             where l.site_id = :site and e.status = 1
                               and (e.disabled_until is null or e.disabled_until < 'infinity')
                               and (l.disabled_until is null or l.disabled_until < 'infinity')
                               and (e.expires_at is null
                                    or e.expires_at > greatest(:at, e.disabled_until, l.disabled_until))
                             group by e.type) as types
                        """)
                .bind("site", site.value())
                .bind("at", at)
                .mapTo(Long.class)
                .one();
    }

    /// When, after an instant, an entry or list ends or comes back by itself; empty: never.
    static Optional<Instant> changesAfter(Handle handle, SiteId site, Instant at) {
        return handle.createQuery("""
                        select min(t) from (
                            select disabled_until as t from hash_list where site_id = :site
                            union all
                            select e.disabled_until from list_entry e join hash_list l on l.id = e.list_id
                             where l.site_id = :site and e.disabled_until is not null
                            union all
                            select e.expires_at from list_entry e join hash_list l on l.id = e.list_id
                             where l.site_id = :site and e.expires_at is not null) as changes
                         where t > :at and t < 'infinity'
                        """)
                .bind("site", site.value())
                .bind("at", at)
                .map((row, context) -> Optional.ofNullable(row.getObject(1, OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant))
                .one();
    }

    /// Whether MD5 or PDQ may flag what an earlier set let pass.
    static boolean grown(Handle handle, SiteId site, Kept earlier, Instant at) {
        return handle.createQuery("select exists (select" + ENTRIES + " e.type in (2, 3) and (" + MAY_FLAG + "))")
                .bind("site", site.value())
                .bind("at", at)
                .bind("number", earlier.stamp().number())
                .bind("computed", earlier.computed())
                .mapTo(Boolean.class)
                .one();
    }

    /// The rules of findings by deny lists of which an entry is no longer in force.
    static List<String> lost(Handle handle, SiteId site, Kept earlier, Instant at) {
        return handle.createQuery("select distinct e.type, l.trust, l.source" + ENTRIES
                        + " l.kind = 2 and (e.changed_in > :number or l.changed_in > :number"
                        + " or (e.expires_at > :computed and e.expires_at <= :at)) and not (" + IN_FORCE + ")")
                .bind("site", site.value())
                .bind("at", at)
                .bind("number", earlier.stamp().number())
                .bind("computed", earlier.computed())
                .map((row, context) -> new ListRule(
                                HashType.ofCode(row.getInt(1)).orElseThrow(), row.getInt(2), row.getString(3))
                        .id())
                .list();
    }

    /// Shards with findings that the lists no longer call for: by a rule of those, or of a content that has come onto
    /// an allow list by SHA-256. Only findings that nothing was done about.
    static List<ShardId> overtaken(Handle handle, SiteId site, List<String> rules, Kept earlier, Instant at) {
        return handle.createQuery("""
                        select distinct f.shard_id from finding f join storage s on s.id = f.storage_id
                         where s.site_id = :site and f.live and f.state in ('OBSERVED', 'HELD', 'REFUSED', 'FAILED')
                           and (f.rule_id = any(:rules) or exists (
                                select from hash_list l join list_entry e on e.list_id = l.id
                                 where l.site_id = :site and l.kind = 1 and e.type = 1 and e.value = f.sha256
                                   and (e.changed_in > :number or l.changed_in > :number
                                        or e.disabled_until > :computed or l.disabled_until > :computed)
                                   and %s))
                        """.formatted(IN_FORCE))
                .bind("site", site.value())
                .bindArray("rules", String.class, rules.toArray())
                .bind("at", at)
                .bind("number", earlier.stamp().number())
                .bind("computed", earlier.computed())
                .map((row, context) -> new ShardId(row.getLong(1)))
                .list();
    }

    /// Hands over the SHA-256 that may flag what an earlier set let pass, so many at a time.
    static void newHashes(
            Handle handle, SiteId site, Kept earlier, Instant at, int batch, Consumer<List<Digest>> each) {
        try (Stream<Digest> hashes = handle
                .createQuery("select e.value" + ENTRIES + " e.type = 1 and (" + MAY_FLAG + ")")
                .bind("site", site.value())
                .bind("at", at)
                .bind("number", earlier.stamp().number())
                .bind("computed", earlier.computed())
                .setFetchSize(FETCH)
                .map((row, context) -> Digest.wrap(row.getBytes(1)))
                .stream()) {
            List<Digest> some = new ArrayList<>(batch);
            hashes.forEach(hash -> {
                some.add(hash);
                if (some.size() == batch) {
                    each.accept(some);
                    some.clear();
                }
            });
            if (!some.isEmpty()) {
                each.accept(some);
            }
        }
    }
}
