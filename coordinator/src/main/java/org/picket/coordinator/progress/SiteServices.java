package org.picket.coordinator.progress;

import com.google.protobuf.ByteString;
import io.grpc.BindableService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.finding.Findings;
import org.picket.coordinator.finding.FindingsObserver;
import org.picket.coordinator.hashlist.HashLists;
import org.picket.coordinator.hashlist.PolicyLists;
import org.picket.coordinator.ledger.Ledger;
import org.picket.coordinator.removal.Orders;
import org.picket.coordinator.removal.RemovalSettings;
import org.picket.coordinator.removal.Removals;
import org.picket.coordinator.site.LiveStorages;
import org.picket.coordinator.site.Sites;
import org.picket.proto.id.StorageId;
import org.picket.proto.seal.SigningKey;
import org.picket.runtime.telemetry.Meters;
import org.picket.runtime.telemetry.Sampled;
import org.picket.runtime.time.TimeSource;

/// What a site's people and crawlers reach beside the scan itself: storages, findings, removals, progress and
/// ledger, put together from one coordinator's parts. Callers are members, so the fleet's interceptor stands
/// before the services.
///
/// Thread-safe.
public final class SiteServices {
    private static final Duration SAMPLED_EVERY = Duration.ofSeconds(1);

    private final Database database;
    private final TimeSource time;
    private final Ledger ledger;
    private final Sites sites = new Sites();
    private final HashLists lists = new HashLists();
    private final LiveStorages storages;
    private final Findings findings;
    private final Removals removals;
    private final MemberCallers callers;
    private final AtomicInteger sentOn = new AtomicInteger();

    /// @param key the coordinator's, which seals orders
    /// @param random for order ids; a [java.security.SecureRandom] outside tests
    /// @param ownAgentsOnly whether sites are scanned by agents of their own alone: within a process
    public SiteServices(
            Database database,
            TimeSource time,
            SigningKey key,
            Ledger ledger,
            RandomGenerator random,
            boolean ownAgentsOnly) {
        this.database = database;
        this.time = time;
        this.ledger = ledger;
        this.storages = new LiveStorages(database, sites, lists, time);
        this.callers = new MemberCallers(sites, storages, ownAgentsOnly);
        this.findings = new Findings(new Orders(key, ledger::append, random), sites::allow);
        this.removals = new Removals(database, time, findings, ledger::append, callers, RemovalSettings.standard());
    }

    /// Sites as they are kept.
    public Sites sites() {
        return sites;
    }

    /// Hash lists as they are kept.
    public HashLists lists() {
        return lists;
    }

    /// The registered storages in memory.
    public LiveStorages storages() {
        return storages;
    }

    /// What rulings go into.
    public Findings findings() {
        return findings;
    }

    /// The outbox of orders.
    public Removals removals() {
        return removals;
    }

    /// `Sites`, `Findings`, `Removals`, `Ledger`, `HashLists` and `ListSupplies` of `picket.v1`. Their calls
    /// may block.
    ///
    /// @param scans tells how far listings have come: [ListingScans] in a coordinator
    /// @param salt blinds circles in the ledger: a secret of the collective
    public List<BindableService> services(ScanCounts scans, byte[] salt) {
        ProgressParts parts = new ProgressParts(
                new ProgressParts.Core(database, time, ledger::append, callers, ByteString.copyFrom(salt)),
                new ProgressParts.Places(sites, storages),
                new ProgressParts.Work(scans, findings, removals));
        List<BindableService> services =
                new ArrayList<>(lists.services(database, time, new LivePolicies(storages), storages::forget));
        services.addAll(List.of(
                Progress.sites(parts, sentOn::get),
                Progress.ledger(database, time, ledger),
                removals.service(),
                findings.service(database, time, callers, new Hurry(removals, storages))));
        return List.copyOf(services);
    }

    /// Ends calls that wait for orders or watch a scan.
    public void sendOn() {
        sentOn.incrementAndGet();
        removals.sendOn();
    }

    /// Says what orders and the ledger have to tell.
    public void meters(Meters meters) {
        removals.meters(meters);
        Sampled<Long> entries = new Sampled<>(SAMPLED_EVERY, time, () -> database.read(ledger::size));
        meters.gauge("picket_ledger_entries", "Entries of the ledger.", entries::get);
    }

    private record LivePolicies(LiveStorages storages) implements PolicyLists {
        @Override
        public Optional<PolicyLists.Of> find(StorageId storage) {
            return storages.find(storage)
                    .map(live -> new PolicyLists.Of(
                            live.storage().site(),
                            live.terms().policy().policy().digest(),
                            live.terms().policy().policy().lists(),
                            live.revision()));
        }
    }

    /// Who waits for orders is told of them, and terms are read anew where contents were allowed.
    record Hurry(Removals removals, LiveStorages storages) implements FindingsObserver {
        @Override
        public void ordersWritten() {
            removals.ordersWritten();
        }

        @Override
        public void allowed(Collection<StorageId> at) {
            at.forEach(storages::forget);
        }
    }
}
