package org.picket.coordinator.verdict;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.database.DatabaseFault;
import org.picket.coordinator.finding.Ruled;
import org.picket.coordinator.finding.RulingContext;
import org.picket.coordinator.fleet.Fleet;
import org.picket.coordinator.fleet.LedgerSink;
import org.picket.coordinator.fleet.Member;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.coordinator.listing.Listing;
import org.picket.coordinator.listing.ListingCounts;
import org.picket.coordinator.listing.ListingState;
import org.picket.coordinator.listing.Listings;
import org.picket.coordinator.shard.ShardState;
import org.picket.coordinator.shard.ShardStore;
import org.picket.coordinator.share.Contributions;
import org.picket.proto.id.ListingId;
import org.picket.proto.id.MemberId;
import org.picket.proto.v1.LedgerBody;
import org.picket.runtime.telemetry.Traceback;
import org.picket.runtime.time.TimeSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes reports, as many in one transaction as wait for it: the ledger makes transactions take turns anyway,
/// and a commit costs the same for one report as for many.
///
/// One thread writes; any number hand in. The queue is bounded, and a full one makes those who hand in wait.
final class VerdictWriter implements AutoCloseable {
    /// Reports in one transaction.
    static final int BATCH = 64;

    /// Reports that wait.
    private static final int QUEUE = 1_024;

    private static final long IDLE_MILLIS = 200;
    private static final Logger LOG = LoggerFactory.getLogger(VerdictWriter.class);

    private final Database database;
    private final TimeSource time;
    private final LedgerSink ledger;
    private final FindingSink findings;
    private final Listings listings;
    private final ArrayBlockingQueue<RulingChange> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Thread thread;
    private volatile boolean closed;

    VerdictWriter(Database database, TimeSource time, LedgerSink ledger, FindingSink findings, Listings listings) {
        this.database = database;
        this.time = time;
        this.ledger = ledger;
        this.findings = findings;
        this.listings = listings;
        this.thread = Thread.ofPlatform().name("verdict-writer").daemon().start(this::run);
    }

    /// Hands a report in. Waits where many are waiting.
    void submit(RulingChange change) throws InterruptedException {
        while (!queue.offer(change, IDLE_MILLIS, TimeUnit.MILLISECONDS)) {
            if (closed) {
                throw new CancellationException("this coordinator is shutting down");
            }
        }
        if (closed && queue.remove(change)) {
            throw new CancellationException("this coordinator is shutting down");
        }
    }

    /// Reports that wait to be written.
    int waiting() {
        return queue.size();
    }

    private void run() {
        List<RulingChange> batch = new ArrayList<>(BATCH);
        while (!closed || !queue.isEmpty()) {
            try {
                Optional.ofNullable(queue.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS))
                        .ifPresent(batch::add);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            if (!batch.isEmpty()) {
                queue.drainTo(batch, BATCH - 1);
                write(batch);
                batch.clear();
            }
        }
    }

    /// Writes all together; where that fails, each alone, so that one report never spoils another. Whatever
    /// happens, the writer goes on and whoever waits is told.
    private void write(List<RulingChange> batch) {
        try {
            commit(batch);
        } catch (RuntimeException | Error together) {
            for (RulingChange change : batch) {
                try {
                    commit(List.of(change));
                } catch (RuntimeException | Error alone) {
                    LOG.error(
                            "shard {}: its report cannot be written; its agent will send it again: {}",
                            change.shard().key().id(),
                            DatabaseFault.traced(alone));
                    change.written().completeExceptionally(alone);
                }
            }
        }
    }

    private record Committed(Written[] came, List<Listing> complete) {}

    private void commit(List<RulingChange> batch) {
        Committed committed = database.transaction(handle -> commit(handle, batch));
        for (int i = 0; i < batch.size(); i++) {
            batch.get(i).written().complete(committed.came()[i]);
        }
        committed.complete().forEach(this::complete);
    }

    /// Dropping what a listing supersedes may wait for readers, and nobody's report shall wait for that.
    private void complete(Listing listing) {
        Thread.ofVirtual().name("listing-complete").start(() -> {
            try {
                listings.completed(listing);
            } catch (RuntimeException e) {
                LOG.warn(
                        "listing {} is complete; what it supersedes cannot be dropped now: {}",
                        listing.id(),
                        Traceback.of(e));
            }
        });
    }

    private Committed commit(Handle handle, List<RulingChange> batch) {
        Written[] came = new Written[batch.size()];
        List<RulingChange> valid = changeShards(handle, batch, came);
        if (valid.isEmpty()) {
            return new Committed(came, List.of());
        }
        ShardStore.addScores(
                handle,
                valid.stream()
                        .map(RulingChange::scores)
                        .flatMap(Optional::stream)
                        .toList());
        FollowUpWriter.write(handle, valid);
        List<Listing> complete = addCounts(handle, valid);
        List<LedgerBody> bodies =
                valid.stream().map(RulingChange::bodies).flatMap(List::stream).toList();
        long sequence = ledger.append(handle, bodies);
        Instant now = time.now();
        List<Ruled> ruled = new ArrayList<>(valid.size());
        for (RulingChange change : valid) {
            sequence += change.bodies().size();
            if (change.ruled().marks().length > 0) {
                ruled.add(new Ruled(
                        context(change, sequence - 1, now), change.ruled().rulings()));
            }
        }
        findings.record(handle, ruled);
        Contributions.add(handle, views(valid), now);
        return new Committed(came, complete);
    }

    /// What the agents of each owner scored.
    private static Map<OwnerId, Long> views(List<RulingChange> valid) {
        Map<OwnerId, Long> views = new HashMap<>();
        for (RulingChange change : valid) {
            change.by()
                    .ifPresent(agent ->
                            views.merge(agent.owner(), change.counts().work().views(), Long::sum));
        }
        return views;
    }

    /// Changes the shards of open listings: what comes of a listing that was given up has no effect. No more has
    /// what an agent says whose member another coordinator silences meanwhile.
    ///
    /// @param came is told of each what became of it
    /// @return those whose fence was the current one
    private static List<RulingChange> changeShards(Handle handle, List<RulingChange> batch, Written[] came) {
        Set<ListingId> open = Listings.openAmong(
                handle,
                batch.stream().map(change -> change.shard().key().listing()).collect(Collectors.toSet()),
                true);
        Set<MemberId> speaking = Fleet.speaking(
                handle,
                batch.stream()
                        .flatMap(change -> change.by().stream())
                        .map(Member::id)
                        .collect(Collectors.toSet()));
        List<Integer> places = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            RulingChange change = batch.get(i);
            boolean silenced =
                    change.by().filter(agent -> !speaking.contains(agent.id())).isPresent();
            came[i] = silenced ? Written.SILENCED : Written.SUPERSEDED;
            if (!silenced && open.contains(change.shard().key().listing())) {
                places.add(i);
            }
        }
        boolean[] changed = ShardStore.change(
                handle, places.stream().map(i -> batch.get(i).shard()).toList());
        List<RulingChange> valid = new ArrayList<>(batch.size());
        for (int i = 0; i < changed.length; i++) {
            if (changed[i]) {
                came[places.get(i)] = Written.CURRENT;
                valid.add(batch.get(places.get(i)));
            }
        }
        return valid;
    }

    private static RulingContext context(RulingChange change, long sequence, Instant now) {
        return new RulingContext(
                change.terms().storage(),
                change.shard().key().listing(),
                change.slice().id(),
                change.terms().epoch(),
                change.terms().rules().enforcement(),
                sequence,
                now);
    }

    private static List<Listing> addCounts(Handle handle, List<RulingChange> valid) {
        TreeMap<Long, ListingCounts> counts = new TreeMap<>();
        TreeMap<Long, Integer> over = new TreeMap<>();
        for (RulingChange change : valid) {
            long listing = change.shard().key().listing().value();
            counts.merge(listing, change.counts(), ListingCounts::plus);
            over.merge(listing, change.shard().state() instanceof ShardState.Ruled ? 1 : 0, Integer::sum);
        }
        List<Listing> complete = new ArrayList<>();
        counts.forEach((id, sum) -> {
            Listing listing = Listings.add(handle, new ListingId(id), over.get(id), sum);
            if (listing.state() == ListingState.COMPLETE && over.get(id) > 0) {
                complete.add(listing);
            }
        });
        return complete;
    }

    /// Writes what waits, then stops.
    @Override
    public void close() {
        closed = true;
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        RulingChange left;
        while ((left = queue.poll()) != null) {
            left.written().completeExceptionally(new CancellationException("this coordinator is shutting down"));
        }
    }
}
