package org.picket.coordinator.overview;

import io.grpc.BindableService;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.feed.StuckReason;
import org.picket.coordinator.fleet.Fleet;
import org.picket.coordinator.fleet.Member;
import org.picket.coordinator.fleet.MemberRole;
import org.picket.coordinator.lease.LeaseOverview;
import org.picket.proto.id.MemberId;
import org.picket.proto.id.StorageId;
import org.picket.runtime.telemetry.Label;
import org.picket.runtime.telemetry.Meters;
import org.picket.runtime.telemetry.Sampled;
import org.picket.runtime.time.TimeSource;

/// Looks at all of a coordinator at once.
///
/// Safe for any number of threads.
public final class Overview {
    private static final Duration SAMPLED_EVERY = Duration.ofSeconds(1);

    /// Of storages, owners and members, each.
    private static final int MOST_NAMES = 10_000;

    private static final int MOST_COORDINATORS = 100;

    private final TimeSource time;
    private final Fleet fleet;
    private final LeaseOverview leases;
    private final Paces paces;
    private final Sampled<Moment> moment;

    public Overview(Database database, TimeSource time, Fleet fleet, LeaseOverview leases, Paces paces) {
        this.time = time;
        this.fleet = fleet;
        this.leases = leases;
        this.paces = paces;
        this.moment = new Sampled<>(SAMPLED_EVERY, time, () -> present(names(database)));
    }

    /// `picket.v1.Overview`. Its calls may block.
    public BindableService service() {
        return new OverviewEndpoint(moment);
    }

    /// Says how scans stand. Of storages nothing is read for it; why shards stand still takes the names that
    /// are read once a second at most.
    public void meters(Meters meters) {
        StorageNumbers.meters(
                meters,
                new Sampled<>(
                        SAMPLED_EVERY, time, () -> StorageNumbers.of(paces.open(), paces::pace, leases.leases())));
        Sampled<Map<StuckReason, Integer>> stuck =
                new Sampled<>(SAMPLED_EVERY, time, () -> OverviewRules.stuck(moment.get()));
        for (StuckReason reason : StuckReason.values()) {
            meters.gauge(
                    "picket_stuck_shards",
                    "Shards that stand still, by why; some do for several reasons.",
                    () -> stuck.get().getOrDefault(reason, 0),
                    Label.of("reason", reason));
        }
    }

    private Names names(Database database) {
        return database.read(handle -> new Names(
                PostgresNames.storages(handle, MOST_NAMES),
                PostgresNames.owners(handle, MOST_NAMES),
                fleet.members(handle, MOST_NAMES),
                PostgresNames.coordinators(handle, MOST_COORDINATORS)));
    }

    private Moment present(Names known) {
        Instant now = time.now();
        Map<StorageId, Moment.Scan> scans = new HashMap<>();
        paces.open()
                .forEach(listing -> scans.put(
                        listing.storage(),
                        new Moment.Scan(
                                listing,
                                paces.pace(listing.id()),
                                leases.stuck(listing.id()),
                                leases.stuckShards(listing.id()))));
        Map<MemberId, Moment.Presence> present = new HashMap<>();
        for (Member member : known.members()) {
            int quota = member.role() == MemberRole.AGENT ? leases.quota(member.id()) : 0;
            present.put(
                    member.id(),
                    new Moment.Presence(
                            fleet.heard(member.id()),
                            quota,
                            leases.empty(member.id()),
                            leases.agent(member.id()),
                            fleet.build(member.id())));
        }
        return new Moment(
                now,
                known,
                leases.leases(),
                scans,
                present,
                new Moment.Itself(leases.draining(), leases.otherCoordinators()));
    }
}
