package org.picket.coordinator.lease;

import java.time.Instant;
import org.jdbi.v3.core.Handle;

/// Terms in PostgreSQL. Each method runs in its caller's transaction.
final class PostgresTerms {
    private PostgresTerms() {}

    static long begin(Handle handle, String coordinator, Instant now) {
        handle.createUpdate("update term set ended = true where coordinator = :coordinator and not ended")
                .bind("coordinator", coordinator)
                .execute();
        return handle.createQuery("""
                        insert into term (coordinator, started_at, seen_at)
                        values (:coordinator, :now, :now) returning term
                        """)
                .bind("coordinator", coordinator)
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

    static void end(Handle handle, long term) {
        handle.createUpdate("update term set ended = true where term = :term")
                .bind("term", term)
                .execute();
    }

    /// Terms that ended, those of coordinators not seen since the limit included, and ended by this.
    static Long[] dead(Handle handle, Instant limit) {
        handle.createUpdate("update term set ended = true where not ended and seen_at < :limit")
                .bind("limit", limit)
                .execute();
        return handle.createQuery("select term from term where ended order by term")
                .mapTo(Long.class)
                .list()
                .toArray(Long[]::new);
    }
}
