package org.picket.coordinator.hashlist;

import java.io.IOException;
import java.io.StringReader;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.picket.coordinator.database.DatabaseException;
import org.picket.coordinator.policy.HashType;
import org.picket.proto.id.SiteId;
import org.picket.proto.v1.ListEntry;
import org.postgresql.PGConnection;

/// Lists, imports and entries in PostgreSQL. Each method runs in its caller's transaction.
final class PostgresLists {
    static final RowMapper<InForce.Listed> LISTED = (row, context) -> new InForce.Listed(
            row.getLong("id"),
            new ListTerms(
                    ListTerms.Kind.ofCode(row.getInt("kind")),
                    row.getString("source"),
                    row.getString("category"),
                    row.getInt("trust"),
                    row.getInt("max_distance"),
                    row.getInt("min_quality")));

    /// The type of the row with an import's terms among what it staged.
    private static final int TERMS = 0;

    private PostgresLists() {}

    /// An import that is not finished.
    record OpenImport(long id, long list, Optional<Instant> expires) {}

    /// What an import came to.
    record Merged(long added, long present) {}

    /// Makes changes of one site's lists take turns.
    static void lock(Handle handle, SiteId site) {
        handle.execute("select pg_advisory_xact_lock(hashtextextended('picket hash lists', ?))", site.value());
    }

    static int countLists(Handle handle, SiteId site) {
        return handle.createQuery("select count(*) from hash_list where site_id = :site")
                .bind("site", site.value())
                .mapTo(Integer.class)
                .one();
    }

    static List<InForce.Listed> lists(Handle handle, SiteId site) {
        return handle.createQuery("select * from hash_list where site_id = :site order by id")
                .bind("site", site.value())
                .map(LISTED)
                .list();
    }

    /// The list of that kind, source and category, whatever its other terms are.
    static Optional<Long> list(Handle handle, SiteId site, ListTerms terms) {
        return handle.createQuery("""
                        select id from hash_list
                         where site_id = :site and kind = :kind and source = :source and category = :category
                        """)
                .bind("site", site.value())
                .bind("kind", terms.kind().code())
                .bind("source", terms.source())
                .bind("category", terms.category())
                .mapTo(Long.class)
                .findOne();
    }

    static long make(Handle handle, SiteId site, ListTerms terms, long changedIn) {
        return handle.createQuery("""
                        insert into hash_list
                               (site_id, kind, source, category, trust, max_distance, min_quality, changed_in)
                        values (:site, :kind, :source, :category, :trust, :distance, :quality, :changed)
                        returning id
                        """)
                .bind("site", site.value())
                .bind("kind", terms.kind().code())
                .bind("source", terms.source())
                .bind("category", terms.category())
                .bind("trust", terms.trust())
                .bind("distance", terms.maxDistance())
                .bind("quality", terms.minQuality())
                .bind("changed", changedIn)
                .mapTo(Long.class)
                .one();
    }

    /// Keeps the terms an import brings beside its entries: of a type that no entry has.
    static void stageTerms(Handle handle, long importId, ListTerms terms) {
        handle.createUpdate("""
                        insert into list_staging (import_id, type, value, quality, label)
                        values (:import, :type, :value, :quality, '')
                        """)
                .bind("import", importId)
                .bind("type", TERMS)
                .bind("value", new byte[] {(byte) terms.trust(), (byte) terms.maxDistance()})
                .bind("quality", terms.minQuality())
                .execute();
    }

    /// Gives a list the terms that its import brought.
    ///
    /// @return whether they are there: what was staged is lost in a crash
    static boolean applyTerms(Handle handle, OpenImport open, long changedIn) {
        return handle.createUpdate("""
                                update hash_list l
                                   set trust = get_byte(t.value, 0),
                                       max_distance = get_byte(t.value, 1),
                                       min_quality = t.quality,
                                       changed_in = case when l.max_distance < get_byte(t.value, 1)
                                                           or l.min_quality > t.quality
                                                         then :changed else l.changed_in end
                                  from list_staging t
                                 where l.id = :list and t.import_id = :import and t.type = :type
                                """)
                        .bind("changed", changedIn)
                        .bind("list", open.list())
                        .bind("import", open.id())
                        .bind("type", TERMS)
                        .execute()
                > 0;
    }

    static long begin(Handle handle, long list, byte[] file, String by, Instant now, Optional<Instant> expires) {
        return handle.createQuery("""
                        insert into list_import (list_id, file_sha256, imported_by, begun_at, expires_at)
                        values (:list, :file, :by, :now, :expires) returning id
                        """)
                .bind("list", list)
                .bind("file", file)
                .bind("by", by)
                .bind("now", now)
                .bind("expires", expires)
                .mapTo(Long.class)
                .one();
    }

    /// Drops what imports into a list have staged and not finished.
    static void dropUnfinished(Handle handle, long list) {
        handle.createUpdate("""
                        delete from list_staging where import_id in (
                            select id from list_import where list_id = :list and finished_at is null)
                        """).bind("list", list).execute();
    }

    static Optional<OpenImport> open(Handle handle, SiteId site, long id) {
        return handle.createQuery("""
                        select i.id, i.list_id, i.expires_at from list_import i join hash_list l on l.id = i.list_id
                         where i.id = :id and l.site_id = :site and i.finished_at is null
                        """)
                .bind("id", id)
                .bind("site", site.value())
                .map((row, context) -> new OpenImport(
                        row.getLong(1),
                        row.getLong(2),
                        Optional.ofNullable(row.getObject(3, OffsetDateTime.class))
                                .map(OffsetDateTime::toInstant)))
                .findOne();
    }

    /// Adds entries by COPY.
    static void stage(Handle handle, long importId, List<ListEntry> entries) {
        StringBuilder rows = new StringBuilder(entries.size() * 100);
        for (ListEntry entry : entries) {
            rows.append(importId).append('\t').append(entry.getTypeValue()).append("\t\\\\x");
            rows.append(HexFormat.of().formatHex(entry.getValue().toByteArray()));
            rows.append('\t').append(Math.clamp(entry.getQuality(), 0, 100)).append('\t');
            for (char c : entry.getLabel().toCharArray()) {
                rows.append(c < ' ' || c == '\\' ? ' ' : c);
            }
            rows.append('\t')
                    .append(
                            entry.getAddedMillis() > 0
                                    ? Instant.ofEpochMilli(entry.getAddedMillis())
                                            .toString()
                                    : "\\N")
                    .append('\n');
        }
        try {
            handle.getConnection()
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn(
                            "copy list_staging (import_id, type, value, quality, label, added_at) from stdin",
                            new StringReader(rows.toString()));
        } catch (SQLException | IOException e) {
            throw new DatabaseException("the entries of import " + importId + " cannot be written", e);
        }
    }

    /// Puts what was staged into its list. What was there keeps its status, and gets the new end.
    static Merged merge(Handle handle, OpenImport open, long changedIn, Instant now) {
        Merged merged = handle.createQuery("""
                        with merged as (
                            insert into list_entry
                                   (list_id, type, value, import_id, expires_at, quality, label, added_at, changed_in)
                            select distinct on (type, value)
                                   :list, type, value, :import, :expires, quality, label, added_at, :changed
                              from list_staging where import_id = :import and type <> :terms
                             order by type, value
                            on conflict (list_id, type, value) do update
                               set import_id = excluded.import_id,
                                   expires_at = excluded.expires_at,
                                   quality = excluded.quality,
                                   label = excluded.label,
                                   added_at = excluded.added_at,
                                   changed_in = case when list_entry.expires_at <= :now then excluded.changed_in
                                                     else list_entry.changed_in end
                            returning (xmax = 0) as added)
                        select count(*) filter (where added), count(*) filter (where not added) from merged
                        """)
                .bind("list", open.list())
                .bind("import", open.id())
                .bind("expires", open.expires())
                .bind("changed", changedIn)
                .bind("now", now)
                .bind("terms", TERMS)
                .map((row, context) -> new Merged(row.getLong(1), row.getLong(2)))
                .one();
        handle.createUpdate("delete from list_staging where import_id = :import")
                .bind("import", open.id())
                .execute();
        handle.createUpdate(
                        "update list_import set finished_at = :now, added = :added, present = :present where id = :id")
                .bind("now", now)
                .bind("added", merged.added())
                .bind("present", merged.present())
                .bind("id", open.id())
                .execute();
        return merged;
    }

    /// Takes a list out of force, or puts it back where `until` is empty.
    ///
    /// @return whether there is such a list
    static boolean disableList(Handle handle, SiteId site, long list, Optional<String> until, long changedIn) {
        return handle.createUpdate("""
                                update hash_list set disabled_until = cast(:until as timestamptz), changed_in = :changed
                                 where id = :list and site_id = :site
                                """)
                        .bind("until", until)
                        .bind("changed", changedIn)
                        .bind("list", list)
                        .bind("site", site.value())
                        .execute()
                > 0;
    }

    /// As [#disableList], for a hash in every list of the site; for good means withdrawn.
    ///
    /// @return how many entries it is
    static int disableHash(Handle handle, SiteId site, byte[] value, Optional<String> until, long changedIn) {
        boolean withdrawn = until.equals(Optional.of(HashLists.FOR_GOOD));
        return handle.createUpdate("""
                        update list_entry e
                           set status = :status, disabled_until = cast(:until as timestamptz), changed_in = :changed
                          from hash_list l
                         where l.id = e.list_id and l.site_id = :site and e.value = :value
                        """)
                .bind("status", withdrawn ? 2 : 1)
                .bind("until", withdrawn ? Optional.empty() : until)
                .bind("changed", changedIn)
                .bind("site", site.value())
                .bind("value", value)
                .execute();
    }

    /// The terms of the lists of a site that have an entry in force.
    ///
    /// @param list one of its lists
    static Optional<InForce.Listed> find(
            Handle handle, SiteId site, long list, HashType type, byte[] value, Instant at) {
        return handle.createQuery("select l.* from list_entry e join hash_list l on l.id = e.list_id where "
                        + PostgresListSets.IN_FORCE
                        + " and l.site_id = :site and l.id = :list and e.type = :type and e.value = :value")
                .bind("at", at)
                .bind("site", site.value())
                .bind("list", list)
                .bind("type", type.code())
                .bind("value", value)
                .map(LISTED)
                .findOne();
    }
}
