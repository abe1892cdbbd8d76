package org.picket.coordinator.verdict;

import io.grpc.Status;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.picket.coordinator.content.KnownContents;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.finding.FlaggedObject;
import org.picket.coordinator.fleet.Keyring;
import org.picket.coordinator.fleet.LedgerSink;
import org.picket.coordinator.lease.Lease;
import org.picket.coordinator.lease.Leases;
import org.picket.coordinator.lease.Reports;
import org.picket.coordinator.lease.Supplied;
import org.picket.coordinator.lease.SystemRulings;
import org.picket.coordinator.listing.Listings;
import org.picket.coordinator.listing.StorageDirectory;
import org.picket.coordinator.shard.ShardCommand;
import org.picket.coordinator.shard.ShardDecision;
import org.picket.coordinator.shard.ShardRules;
import org.picket.coordinator.shard.ShardState;
import org.picket.proto.v1.InconclusiveReason;
import org.picket.runtime.telemetry.Meters;
import org.picket.runtime.time.TimeSource;

/// Where rulings wait to be written, with or without a verdict behind them.
///
/// Safe for any number of threads.
public final class RulingQueue implements SystemRulings, AutoCloseable {
    private final VerdictWriter writer;
    private final Entries entries;
    private final KnownContents contents;
    private final VerdictCounts verdicts = new VerdictCounts();
    private final RulingCounts counts = new RulingCounts();

    private RulingQueue(VerdictWriter writer, Entries entries, KnownContents contents) {
        this.writer = writer;
        this.entries = entries;
        this.contents = contents;
    }

    /// What rulings go into.
    ///
    /// @param ledger the log
    /// @param findings flagged and inconclusive objects
    /// @param contents those cleared and those flagged are remembered
    /// @param salt blinds the rulings' digests in the ledger
    public record Sinks(LedgerSink ledger, FindingSink findings, KnownContents contents, byte[] salt) {
        public Sinks {
            salt = salt.clone();
        }

        @Override
        public byte[] salt() {
            return salt.clone();
        }

        @Override
        public String toString() {
            return "Sinks";
        }
    }

    /// Starts the writer.
    ///
    /// @param storages their present terms
    public static RulingQueue start(
            Database database, TimeSource time, Sinks sinks, Listings listings, StorageDirectory storages) {
        return new RulingQueue(
                new VerdictWriter(database, time, sinks.ledger(), sinks.findings(), listings),
                new Entries(sinks.contents(), new PresentTerms(storages), sinks.salt()),
                sinks.contents());
    }

    /// Takes agents' verdicts into this queue.
    public Reports reports(Database database, TimeSource time, LedgerSink ledger, Keyring keyring, Leases leases) {
        return new Verdicts(keyring, leases, entries, this, new Evidence(database, time, ledger), time);
    }

    @Override
    public boolean poison(Lease lease, ShardState after) {
        Supplied object = lease.next(1).getFirst();
        RuledObjects ruled = entries.ruler(lease)
                .inconclusive(
                        object, InconclusiveReason.POISON, "agents of several operators failed on it, each alone");
        return write(entries.ruled(lease, ruled, after));
    }

    @Override
    public boolean finish(Lease lease) {
        ShardCommand command = new ShardCommand.Rule(lease.fence(), true, lease.endsShard());
        return switch (ShardRules.apply(lease.state(), command)) {
            case ShardDecision.Next(ShardState state) ->
                write(entries.ruled(lease, entries.ruler(lease).none(), state));
            case ShardDecision.Poison _, ShardDecision.Refused _ ->
                throw new IllegalStateException("a live lease cannot be finished: " + lease);
        };
    }

    /// Writes an entry and waits for its commit.
    ///
    /// @return whether its fence was the current one
    boolean write(Entry entry) {
        try {
            writer.submit(entry);
            boolean current = entry.written().join();
            if (current) {
                counts.add(entry.counts());
                RuledObjects ruled = entry.ruled();
                contents.remember(ruled.terms(), ruled.blocks().tags());
                contents.rememberFlagged(
                        ruled.terms(),
                        ruled.rulings().flagged().stream()
                                .map(FlaggedObject::sha256)
                                .toList());
            }
            return current;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(e);
        } catch (CancellationException | CompletionException e) {
            throw unavailable(e);
        }
    }

    /// What verdicts were answered.
    VerdictCounts verdicts() {
        return verdicts;
    }

    /// Says what verdicts and rulings have to tell.
    public void meters(Meters meters) {
        meters.gauge("picket_rulings_waiting", "Reports that wait to be written.", writer::waiting);
        verdicts.meters(meters);
        counts.meters(meters);
    }

    private static RuntimeException unavailable(Exception cause) {
        return Status.UNAVAILABLE
                .withDescription("the coordinator cannot write this now; send it again")
                .withCause(cause)
                .asRuntimeException();
    }

    @Override
    public void close() {
        writer.close();
    }
}
