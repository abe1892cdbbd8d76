package org.picket.coordinator.lease;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.picket.coordinator.feed.AgentPace;
import org.picket.coordinator.fleet.Member;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.coordinator.ruling.FurtherBundle;
import org.picket.coordinator.ruling.Ruling;
import org.picket.coordinator.shard.ClaimedShard;
import org.picket.coordinator.shard.Fence;
import org.picket.coordinator.shard.RuledPast;
import org.picket.coordinator.shard.ShardState;
import org.picket.coordinator.shard.Trial;
import org.picket.coordinator.supply.Supplied;
import org.picket.proto.bundle.Scoring;
import org.picket.proto.id.MemberId;
import org.picket.proto.limit.Limits;
import org.picket.proto.v1.Sealed;
import org.picket.proto.v1.SupplyReport;

/// One lease while it lives.
///
/// Guarded by its lock, which is held through the whole of a report, its commit included: reports of one lease
/// follow each other, and the sweeper passes over a lease that is just reporting. Identity, fence and terms
/// never change.
public final class Lease {
    /// Objects supplied and not yet ruled: a shard that has grown since it was listed, and one segment more.
    static final int MOST_UNRULED = 4 * Limits.SHARD_OBJECTS;

    private final ReentrantLock lock = new ReentrantLock();
    private final ClaimedShard shard;
    private final StorageTerms terms;
    private final Asker asker;
    private final AgentPace pace;
    private final Instant grantedAt;

    private volatile Instant expiresAt;
    private volatile Instant progressAt;
    private volatile Instant reportedAt;
    private volatile Optional<LeaseEnd> end = Optional.empty();

    private volatile Optional<Sealed> ticket = Optional.empty();

    private final ArrayDeque<Supplied> unruled = new ArrayDeque<>();
    private final TreeSet<Integer> segmentEnds = new TreeSet<>();
    private final Map<ByteString, Ruling> probed = new HashMap<>();
    private volatile int supplied;
    private volatile int cursor;
    private volatile int ruled;
    private boolean last;
    private Optional<Told> told = Optional.empty();
    private RuledPast past;
    private Trial trial;

    private record Told(int to, SupplyReport report) {}

    Lease(ClaimedShard shard, StorageTerms terms, Asker asker, AgentPace pace, Instant now, Instant expiresAt) {
        this.shard = shard;
        this.terms = terms;
        this.asker = asker;
        this.pace = pace;
        this.grantedAt = now;
        this.progressAt = now;
        this.reportedAt = now;
        this.expiresAt = expiresAt;
        this.past = shard.past();
        this.trial = shard.trial();
    }

    /// Its agent's pace.
    AgentPace pace() {
        return pace;
    }

    /// What it is for.
    public ClaimedShard shard() {
        return shard;
    }

    /// Under what terms its objects are ruled.
    public StorageTerms terms() {
        return terms;
    }

    /// The further bundle that it is for; empty: it is for the first one.
    public Optional<FurtherBundle> further() {
        return shard.followUp().map(followUp -> terms.rules().policy().further().get(followUp.bundle()));
    }

    /// The bundle that it is for, and how its objects become views.
    public Scoring scoring() {
        return further().map(FurtherBundle::scoring).orElseGet(terms::scoring);
    }

    /// Scores of a view that its agent gives.
    public int concepts() {
        return further()
                .map(one -> one.concepts().size())
                .orElseGet(() -> terms.rules().policy().concepts());
    }

    /// Which further bundles have scored its objects once its agent has, as `CompiledPolicy.scored`.
    public int scored() {
        return shard.followUp()
                .map(followUp -> followUp.scored() | 1 << followUp.bundle())
                .orElse(0);
    }

    /// The last key that was supplied, or ruled by a lease before it; empty: none.
    String lastKey() {
        return unruled.isEmpty() ? past.afterKey() : unruled.getLast().key();
    }

    /// Whose it is.
    public Member agent() {
        return asker.agent();
    }

    /// Whose it is, and which request it was granted to.
    Asker asker() {
        return asker;
    }

    /// Since when it lives.
    Instant grantedAt() {
        return grantedAt;
    }

    /// Its right to change the shard.
    public Fence fence() {
        return shard.fence();
    }

    /// Keeps the ticket that was issued for it.
    void issued(Sealed sealed) {
        ticket = Optional.of(sealed);
    }

    /// Whether that is, byte for byte, the ticket that was issued for it: as good as its signature, and
    /// cheaper.
    boolean issuedAs(Sealed sealed) {
        return ticket.filter(sealed::equals).isPresent();
    }

    /// Held by whoever reads or changes what follows.
    public ReentrantLock lock() {
        return lock;
    }

    /// How it ended; empty while it lives.
    public Optional<LeaseEnd> end() {
        return end;
    }

    /// Objects of it that are ruled.
    public int ruled() {
        return ruled;
    }

    /// What is ruled of its shard.
    public RuledPast past() {
        return past;
    }

    /// The shard's state while it lives.
    public ShardState.Leased state() {
        return new ShardState.Leased(trial, fence());
    }

    /// Objects supplied and not ruled.
    public int unruled() {
        return unruled.size();
    }

    /// The next objects to be ruled.
    public List<Supplied> next(int count) {
        return unruled.stream().limit(count).toList();
    }

    /// Whether a verdict may end there.
    public boolean segmentEndsAt(int ordinal) {
        return segmentEnds.contains(ordinal);
    }

    /// Whether ruling up to there rules all of it.
    public boolean endsAt(int ordinal) {
        return last && ordinal == ruled + unruled.size();
    }

    /// Whether nothing is left to rule.
    public boolean exhausted() {
        return endsAt(ruled);
    }

    /// Whether its end is the shard's end too: it was for all that was left, or less came than it was for.
    public boolean endsShard() {
        return last && (trial.take() == 0 || ruled + unruled.size() < trial.take());
    }

    /// What a probe found out; binds for this lease.
    Map<ByteString, Ruling> probed() {
        return probed;
    }

    Instant expiresAt() {
        return expiresAt;
    }

    /// Whether nothing comes of it, though its agent lives.
    boolean stalled(LeaseSettings settings, Instant now) {
        return progressAt.plus(settings.stalledAfter()).isBefore(now)
                || reportedAt.plus(settings.reportWithin()).isBefore(now);
    }

    /// When it began, or an agent's report of it was written last.
    Instant reportedAt() {
        return reportedAt;
    }

    /// How it stands, as whoever does not hold its lock may see it.
    ///
    /// @param crawlers that offer its storage's views
    LeaseStanding standing(Set<MemberId> crawlers, Instant now) {
        return new LeaseStanding(
                shard.key(),
                terms.storage(),
                terms.owner(),
                agent().id(),
                crawlers,
                new LeaseStanding.Work(shard.leaseObjects(), supplied, cursor, ruled),
                new LeaseStanding.Times(span(grantedAt, now), span(now, expiresAt), span(progressAt, now)));
    }

    private static Duration span(Instant from, Instant to) {
        return to.isAfter(from) ? Duration.between(from, to) : Duration.ZERO;
    }

    /// Objects of it that are not ruled, as far as is known.
    int left() {
        return Math.max(0, shard.leaseObjects() - ruled);
    }

    /// Those that its agent has not scored, by its word.
    int unscored() {
        return Math.max(0, shard.leaseObjects() - Math.max(ruled, cursor));
    }

    void renew(Instant until) {
        expiresAt = until;
    }

    /// Takes an agent's word for how far it is, so far as anything was supplied to it.
    void progress(int cursor, Instant now) {
        pace.heard(now);
        int credible = Math.min(cursor, supplied);
        if (credible > this.cursor) {
            this.cursor = credible;
            progressAt = now;
        }
    }

    /// Takes note of a crawler's report.
    ///
    /// @param report kept, so that its repetition is known
    void supply(List<Supplied> objects, boolean isLast, SupplyReport report, Instant now) {
        unruled.addAll(objects);
        supplied = ruled + unruled.size();
        segmentEnds.add(supplied);
        last = isLast;
        told = Optional.of(new Told(supplied(), report));
        progressAt = now;
    }

    /// Its crawler says that it holds itself up. For how long it is believed, reports bound.
    void heldUp(Instant now) {
        progressAt = now;
    }

    /// Whether that is the report it heard last, word for word.
    ///
    /// @param to one past the last object it tells of
    boolean heardLast(int to, SupplyReport report) {
        return told.equals(Optional.of(new Told(to, report)));
    }

    int supplied() {
        return supplied;
    }

    boolean last() {
        return last;
    }

    /// Notes what was committed.
    ///
    /// @param count objects ruled just now
    public void advance(int count, RuledPast past, Instant now) {
        for (int i = 0; i < count; i++) {
            unruled.removeFirst();
        }
        ruled = ruled + count;
        segmentEnds.headSet(ruled, true).clear();
        trial = trial.afterProgress();
        this.past = past;
        progressAt = now;
        reportedAt = now;
        pace.ruled(count, grantedAt, now);
    }

    void end(LeaseEnd how) {
        end = Optional.of(how);
        unruled.clear();
        probed.clear();
    }

    @Override
    public String toString() {
        return "Lease[shard " + shard.key() + "]";
    }
}
