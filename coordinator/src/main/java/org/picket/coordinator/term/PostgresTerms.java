package org.picket.coordinator.term;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.runtime.channel.Build;

/// Terms in PostgreSQL. Each method runs in its caller's transaction.
final class PostgresTerms {
    private PostgresTerms() {}

    /// Makes those take turns, until their transactions end, that begin terms of one coordinator.
    static void lockName(Handle handle, String coordinator) {
        handle.execute("select pg_advisory_xact_lock(hashtextextended(?, hashtext('picket term')))", coordinator);
    }

    /// Begins a term, which ends all earlier ones of the same coordinator. Its name is locked.
    static long begin(Handle handle, String coordinator, UUID instance, String address, Instant now) {
        handle.createUpdate("update term set ended = true where coordinator = :coordinator and not ended")
                .bind("coordinator", coordinator)
                .execute();
        return handle.createQuery("""
                        insert into term (coordinator, instance, address, contract, release, started_at, seen_at)
                        values (:coordinator, :instance, :address, :contract, :release, :now, :now) returning term
                        """)
                .bind("contract", Build.OURS.contract().number())
                .bind("release", Build.OURS.release())
                .bind("coordinator", coordinator)
                .bind("instance", instance)
                .bind("address", address)
                .bind("now", now)
                .mapTo(Long.class)
                .one();
    }

    /// A database that lost a term, as after a restore, gives its number to another one.
    static boolean beat(Handle handle, long term, UUID instance, Instant now) {
        return handle.createUpdate("update term set seen_at = :now"
                                + " where term = :term and instance = :instance and not ended")
                        .bind("now", now)
                        .bind("term", term)
                        .bind("instance", instance)
                        .execute()
                == 1;
    }

    /// Whether it is there, is this process's, and has not ended.
    static boolean lives(Handle handle, long term, UUID instance) {
        return handle.createQuery("select exists (select from term"
                        + " where term = :term and instance = :instance and not ended)")
                .bind("term", term)
                .bind("instance", instance)
                .mapTo(Boolean.class)
                .one();
    }

    /// Forgets terms that ended and were last seen before the limit.
    static void forget(Handle handle, Instant limit) {
        handle.createUpdate("delete from term where ended and seen_at < :limit")
                .bind("limit", limit)
                .execute();
    }

    /// Says where a term's coordinator is reached; nothing, where the number is another process's by now.
    static void reachedAt(Handle handle, long term, UUID instance, String address) {
        handle.createUpdate("update term set address = :address where term = :term and instance = :instance")
                .bind("address", address)
                .bind("term", term)
                .bind("instance", instance)
                .execute();
    }

    /// Whether another process of this coordinator's name began a later term. Its name is locked.
    static boolean replaced(Handle handle, String coordinator, UUID instance, long term) {
        return handle.createQuery("""
                        select exists (select from term where coordinator = :coordinator and term > :term
                                          and instance is distinct from :instance)
                        """)
                .bind("coordinator", coordinator)
                .bind("instance", instance)
                .bind("term", term)
                .mapTo(Boolean.class)
                .one();
    }

    /// Says whose agents work at a term's coordinator; nothing, where the number is another process's by now.
    static void operators(Handle handle, long term, UUID instance, Set<OwnerId> owners) {
        handle.createUpdate("update term set agent_owners = :owners where term = :term and instance = :instance")
                .bind("owners", owners.stream().map(OwnerId::value).toArray(Long[]::new))
                .bind("term", term)
                .bind("instance", instance)
                .execute();
    }

    /// Whose agents work, by the word of all terms that were seen since the limit.
    static Set<OwnerId> operators(Handle handle, Instant limit) {
        return handle
                .createQuery("select distinct unnest(agent_owners) from term where seen_at >= :limit")
                .bind("limit", limit)
                .mapTo(Long.class)
                .stream()
                .map(OwnerId::new)
                .collect(Collectors.toSet());
    }

    static void end(Handle handle, long term, UUID instance) {
        handle.createUpdate("update term set ended = true where term = :term and instance = :instance")
                .bind("term", term)
                .bind("instance", instance)
                .execute();
    }

    /// What a term that has not ended shows of itself.
    ///
    /// @param address where its coordinator is reached
    /// @param seenAt its last sign of life, by its own coordinator's clock
    record Sign(long term, String address, Instant seenAt) {}

    /// Ends a term, unless it has shown another sign of life by now.
    ///
    /// @return whether it did
    static boolean end(Handle handle, Sign last) {
        return handle.createUpdate("update term set ended = true"
                                + " where term = :term and seen_at = :seenAt and not ended")
                        .bind("term", last.term())
                        .bind("seenAt", last.seenAt())
                        .execute()
                == 1;
    }

    /// Terms that ended.
    static List<Long> dead(Handle handle) {
        return handle.createQuery("select term from term where ended order by term")
                .mapTo(Long.class)
                .list();
    }

    /// Terms that have not ended.
    static List<Sign> living(Handle handle) {
        return handle.createQuery("select term, address, seen_at from term where not ended order by term")
                .map((row, _) -> new Sign(
                        row.getLong(1), row.getString(2), row.getTimestamp(3).toInstant()))
                .list();
    }
}
