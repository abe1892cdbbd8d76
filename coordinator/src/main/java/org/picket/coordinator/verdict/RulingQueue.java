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
import org.picket.coordinator.lease.SystemRulings;
import org.picket.coordinator.listing.Listings;
import org.picket.coordinator.listing.StorageDirectory;
import org.picket.coordinator.shard.ShardCommand;
import org.picket.coordinator.shard.ShardDecision;
import org.picket.coordinator.shard.ShardRules;
import org.picket.coordinator.shard.ShardState;
import org.picket.coordinator.supply.Supplied;
import org.picket.runtime.telemetry.Meters;
import org.picket.runtime.time.TimeSource;

/// Where rulings wait to be written, with or without a verdict behind them.
///
/// Safe for any number of threads.
public final class RulingQueue implements SystemRulings, AutoCloseable {
    private final VerdictWriter writer;
    private final RulingChanges changes;
    private final KnownContents contents;
    private final VerdictCounts verdicts = new VerdictCounts();
    private final RulingCounts counts = new RulingCounts();

    private RulingQueue(VerdictWriter writer, RulingChanges changes, KnownContents contents) {
        this.writer = writer;
        this.changes = changes;
        this.contents = contents;
    }

    /// What rulings go into.
    ///
    /// @param ledger the log
    /// @param findings flagged and inconclusive objects
    /// @param contents those cleared and those flagged are remembered
    /// @param salt blinds the rulings' digests in the ledger
    /// @param ownAgentsOnly whether sites are scanned by agents of their own alone: within a process
    public record Sinks(
            LedgerSink ledger, FindingSink findings, KnownContents contents, byte[] salt, boolean ownAgentsOnly) {
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
                new RulingChanges(sinks.contents(), new PresentTerms(storages), sinks.ownAgentsOnly(), sinks.salt()),
                sinks.contents());
    }

    /// Takes agents' verdicts into this queue.
    public Reports reports(Database database, TimeSource time, LedgerSink ledger, Keyring keyring, Leases leases) {
        return new Verdicts(keyring, leases, changes, this, new Evidence(database, time, ledger), time);
    }

    @Override
    public boolean poison(Lease lease, ShardState after) {
        Supplied object = lease.next(1).getFirst();
        RuledObjects ruled =
                changes.ruler(lease).poison(object, "agents of several operators failed on it, each alone");
        return write(changes.ruled(lease, ruled, after)) == Written.CURRENT;
    }

    @Override
    public boolean finish(Lease lease) {
        ShardCommand command = new ShardCommand.Rule(lease.fence(), true, lease.endsShard());
        return switch (ShardRules.apply(lease.state(), command)) {
            case ShardDecision.Next(ShardState state) ->
                write(changes.ruled(lease, changes.ruler(lease).none(), state)) == Written.CURRENT;
            case ShardDecision.Poison _, ShardDecision.Refused _ ->
                throw new IllegalStateException("a live lease cannot be finished: " + lease);
        };
    }

    /// Writes a change and waits for its commit.
    Written write(RulingChange change) {
        try {
            writer.submit(change);
            Written came = change.written().join();
            if (came == Written.CURRENT) {
                counts.add(change.counts());
                RuledObjects ruled = change.ruled();
                contents.remember(ruled.terms(), ruled.blocks().tags());
                contents.rememberFlagged(
                        ruled.terms(),
                        ruled.rulings().flagged().stream()
                                .map(FlaggedObject::sha256)
                                .toList());
            }
            return came;
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
