package org.picket.coordinator;

import java.security.SecureRandom;
import java.util.Objects;
import java.util.Optional;
import org.picket.coordinator.authority.Authority;
import org.picket.coordinator.content.FlaggedContents;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.fleet.LedgerSink;
import org.picket.coordinator.listing.StorageDirectory;
import org.picket.coordinator.supply.ListedContents;
import org.picket.coordinator.verdict.FindingSink;
import org.picket.proto.seal.SigningKey;
import org.picket.runtime.time.TimeSource;

/// What a coordinator is made of.
///
/// @param database its state
/// @param key its own, kept in an owner-only file by the caller
/// @param sources time and randomness
/// @param storages that it scans
/// @param sinks what rulings go into
/// @param authority signs members' certificates; empty: members are known by sessions, within a process
public record CoordinatorParts(
        Database database,
        SigningKey key,
        Sources sources,
        StorageDirectory storages,
        Sinks sinks,
        Optional<Authority> authority) {
    /// Within a process.
    public CoordinatorParts(
            Database database, SigningKey key, Sources sources, StorageDirectory storages, Sinks sinks) {
        this(database, key, sources, storages, sinks, Optional.empty());
    }

    public CoordinatorParts {
        Objects.requireNonNull(database);
        Objects.requireNonNull(key);
        Objects.requireNonNull(sources);
        Objects.requireNonNull(storages);
        Objects.requireNonNull(sinks);
        Objects.requireNonNull(authority);
    }

    /// Time and randomness.
    ///
    /// @param time the one clock
    /// @param random makes lease ids, sessions, invites and secrets
    public record Sources(TimeSource time, SecureRandom random) {}

    /// What rulings go into.
    ///
    /// @param ledger the log
    /// @param findings flagged and inconclusive objects
    /// @param flagged contents flagged before
    /// @param listed contents that crawlers find on lists
    public record Sinks(LedgerSink ledger, FindingSink findings, FlaggedContents flagged, ListedContents listed) {
        /// Where there are no imported lists.
        public Sinks(LedgerSink ledger, FindingSink findings, FlaggedContents flagged) {
            this(ledger, findings, flagged, (terms, hits) -> Optional.empty());
        }
    }
}
