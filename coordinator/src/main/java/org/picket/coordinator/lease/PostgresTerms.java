package org.picket.coordinator.lease;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/// Terms in PostgreSQL. Each method runs in its caller's transaction.
final class PostgresTerms {
    private PostgresTerms() {}

    static long begin(Handle handle, String coordinator, String address, Instant now) {
        handle.createUpdate("update term set ended = true where coordinator = :coordinator and not ended")
                .bind("coordinator", coordinator)
                .execute();
        return handle.createQuery("""
                        insert into term (coordinator, address, started_at, seen_at)
                        values (:coordinator, :address, :now, :now) returning term
                        """)
                .bind("coordinator", coordinator)
                .bind("address", address)
                .bind("now", now)
                .mapTo(Long.class)
                .one();
    }

    static boolean beat(Handle handle, long term, Instant now) {
        return handle.createUpdate("update term set seen_at = :now where term = :term and not ended")
                        .bind("now", now)
                        .bind("term", term)
                        .execute()
                == 1;
    }

    /// Whether it is there and has not ended.
    static boolean lives(Handle handle, long term) {
        return handle.createQuery("select exists (select from term where term = :term and not ended)")
                .bind("term", term)
                .mapTo(Boolean.class)
                .one();
    }

    /// Forgets terms that ended and were last seen before the limit.
    static void forget(Handle handle, Instant limit) {
        handle.createUpdate("delete from term where ended and seen_at < :limit")
                .bind("limit", limit)
                .execute();
    }

    static void reachedAt(Handle handle, long term, String address) {
        handle.createUpdate("update term set address = :address where term = :term")
                .bind("address", address)
                .bind("term", term)
                .execute();
    }

    /// Whether a later start of the same coordinator lives, or lived.
    static boolean startedAnew(Handle handle, String coordinator, long term) {
        return handle.createQuery("select exists (select from term where coordinator = :coordinator and term > :term)")
                .bind("coordinator", coordinator)
                .bind("term", term)
                .mapTo(Boolean.class)
                .one();
    }

    static void end(Handle handle, long term) {
        handle.createUpdate("update term set ended = true where term = :term")
                .bind("term", term)
                .execute();
    }

    /// Ends terms of coordinators that were not seen since the limit.
    static void endUnseen(Handle handle, Instant limit) {
        handle.createUpdate("update term set ended = true where not ended and seen_at < :limit")
                .bind("limit", limit)
                .execute();
    }

    /// Terms that ended.
    static List<Long> dead(Handle handle) {
        return handle.createQuery("select term from term where ended order by term")
                .mapTo(Long.class)
                .list();
    }

    /// Terms that have not ended, and where their coordinators are reached.
    static Map<Long, String> living(Handle handle) {
        return handle
                .createQuery("select term, address from term where not ended")
                .map((row, _) -> Map.entry(row.getLong("term"), row.getString("address")))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
