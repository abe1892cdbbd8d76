package org.picket.coordinator.overview;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.picket.coordinator.feed.Stuck;
import org.picket.coordinator.feed.StuckReason;
import org.picket.coordinator.feed.StuckShard;
import org.picket.coordinator.fleet.Member;
import org.picket.coordinator.fleet.MemberRole;
import org.picket.coordinator.fleet.MemberStanding;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.coordinator.lease.EmptyAnswer;
import org.picket.coordinator.lease.LeaseStanding;
import org.picket.coordinator.listing.Listing;
import org.picket.coordinator.listing.ListingState;
import org.picket.coordinator.shard.ShardKey;
import org.picket.coordinator.share.Lane;
import org.picket.proto.id.ListingId;
import org.picket.proto.id.MemberId;
import org.picket.proto.v1.AgentEquipment;
import org.picket.proto.v1.CoordinatorRow;
import org.picket.proto.v1.LeaseRow;
import org.picket.proto.v1.LookResponse;
import org.picket.proto.v1.MemberRow;
import org.picket.proto.v1.NoLease;
import org.picket.proto.v1.NoWork;
import org.picket.proto.v1.Pace;
import org.picket.proto.v1.ScanRow;
import org.picket.proto.v1.Span;
import org.picket.proto.v1.StorageRow;
import org.picket.runtime.channel.Build;

/// What of a moment one caller is shown. Pure.
final class OverviewRules {
    /// Rows of a kind.
    static final int ROWS = 1_000;

    private static final int STUCK_SHARDS = 100;

    private OverviewRules() {}

    /// @param scope whose things alone are shown; empty: everybody's
    static LookResponse answer(Moment moment, Optional<OwnerId> scope) {
        Predicate<OwnerId> shown = owner -> scope.map(owner::equals).orElse(true);
        List<LeaseStanding> leases = moment.leases().stream()
                .filter(lease -> shown.test(lease.site()))
                .toList();
        Map<ListingId, List<LeaseStanding>> byListing = leases.stream()
                .collect(Collectors.groupingBy(lease -> lease.shard().listing()));
        Held held = Held.of(moment.leases());
        LookResponse.Builder answer = LookResponse.newBuilder()
                .setLeasesAll(leases.size())
                .setOtherCoordinators(moment.coordinator().others())
                .setDraining(moment.coordinator().draining())
                .setWindow(span(Paces.WINDOW))
                .setBuild(wire(Build.OURS));
        if (scope.isEmpty()) {
            moment.names().coordinators().forEach(one -> answer.addCoordinators(row(moment.now(), one)));
        }
        leases.stream().limit(ROWS).forEach(lease -> answer.addLeases(row(lease)));
        moment.names().storages().stream()
                .filter(place -> shown.test(place.site()))
                .limit(ROWS)
                .forEach(place -> answer.addStorages(row(moment, place, byListing)));
        moment.names().members().stream()
                .filter(member -> shown.test(member.owner()))
                .limit(ROWS)
                .forEach(member -> answer.addMembers(row(moment, member, held.by(member))));
        return answer.build();
    }

    /// How many leases whom concern.
    ///
    /// @param agents that hold them
    /// @param crawlers that offer the views of their storages
    /// @param sites of whose crawlers any may offer them
    private record Held(Map<MemberId, Long> agents, Map<MemberId, Long> crawlers, Map<OwnerId, Long> sites) {
        static Held of(List<LeaseStanding> leases) {
            return new Held(
                    leases.stream().collect(Collectors.groupingBy(LeaseStanding::agent, Collectors.counting())),
                    leases.stream()
                            .flatMap(lease -> lease.crawlers().stream())
                            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting())),
                    leases.stream()
                            .filter(lease -> lease.crawlers().isEmpty())
                            .collect(Collectors.groupingBy(LeaseStanding::site, Collectors.counting())));
        }

        long by(Member member) {
            return switch (member.role()) {
                case AGENT -> agents.getOrDefault(member.id(), 0L);
                case CRAWLER -> crawlers.getOrDefault(member.id(), 0L) + sites.getOrDefault(member.owner(), 0L);
                case ADMINISTRATOR, STEWARD -> 0;
            };
        }
    }

    private static CoordinatorRow row(Instant now, Names.Coordinator one) {
        return CoordinatorRow.newBuilder()
                .setAddress(one.address())
                .setBuild(wire(one.build()))
                .setSeen(span(between(one.seen(), now)))
                .build();
    }

    private static org.picket.proto.v1.Build wire(Build build) {
        return org.picket.proto.v1.Build.newBuilder()
                .setContract(build.contract().number())
                .setRelease(build.release())
                .build();
    }

    private static LeaseRow row(LeaseStanding lease) {
        return LeaseRow.newBuilder()
                .setAgentMemberId(lease.agent().value())
                .setStorageId(lease.storage().value())
                .setShardId(lease.shard().id().value())
                .setObjects(lease.work().objects())
                .setSupplied(lease.work().supplied())
                .setScored(lease.work().scored())
                .setRuled(lease.work().ruled())
                .setAge(span(lease.times().age()))
                .setLeft(span(lease.times().left()))
                .setStill(span(lease.times().still()))
                .build();
    }

    private static StorageRow row(Moment moment, Names.Place place, Map<ListingId, List<LeaseStanding>> leases) {
        StorageRow.Builder row = StorageRow.newBuilder()
                .setStorageId(place.id().value())
                .setIdentity(place.identity())
                .setSite(moment.names().owner(place.site()));
        place.circle().wire().ifPresent(row::setCircle);
        Optional.ofNullable(moment.scans().get(place.id()))
                .ifPresent(scan -> row.setScan(row(
                        moment, place, scan, leases.getOrDefault(scan.listing().id(), List.of()))));
        return row.build();
    }

    private static ScanRow row(Moment moment, Names.Place place, Moment.Scan scan, List<LeaseStanding> leases) {
        Listing listing = scan.listing();
        ScanRow.Builder row = ScanRow.newBuilder()
                .setListingId(listing.id().value())
                .setListingFinished(finished(listing))
                .setLane(lane(listing))
                .setAge(span(listing.age(moment.now())))
                .setListed(listing.counts().listed())
                .setOpen(listing.counts().open())
                .setFlagged(listing.counts().flagged())
                .setInconclusive(listing.counts().inconclusive())
                .setShardsOpen(listing.intake().shardsOpen())
                .setLeases(leases.size())
                .addAllStuck(
                        stuck(moment, place, scan, leases).map(Stuck::words).toList());
        scan.pace().ifPresent(pace -> {
            row.setPace(Pace.newBuilder()
                    .setObjects(pace.objects())
                    .setViews(pace.views())
                    .setBytes(pace.bytes()));
            Paces.left(listing.counts().open(), pace).ifPresent(left -> row.setEta(span(left)));
        });
        scan.stuckShards().stream()
                .limit(STUCK_SHARDS)
                .forEach(shard -> row.addStuckShards(row(moment.now(), listing, shard)));
        return row.build();
    }

    private static org.picket.proto.v1.Lane lane(Listing listing) {
        return switch (Lane.of(
                listing.scope().since(), finished(listing), listing.counts().listed())) {
            case FRESH -> org.picket.proto.v1.Lane.FRESH;
            case BULK -> org.picket.proto.v1.Lane.BULK;
        };
    }

    private static boolean finished(Listing listing) {
        return switch (listing.state()) {
            case LISTING -> false;
            case LISTED, COMPLETE, ABANDONED -> true;
        };
    }

    private static org.picket.proto.v1.StuckShard row(Instant now, Listing listing, StuckShard shard) {
        return org.picket.proto.v1.StuckShard.newBuilder()
                .setShardId(new ShardKey(listing.id(), shard.number()).id().value())
                .setLeases(shard.leases())
                .setAgain(span(between(now, shard.again())))
                .build();
    }

    /// Shards that stand still, by why.
    static Map<StuckReason, Integer> stuck(Moment moment) {
        Map<ListingId, List<LeaseStanding>> leases = moment.leases().stream()
                .collect(Collectors.groupingBy(lease -> lease.shard().listing()));
        return moment.names().storages().stream()
                .flatMap(place -> Optional.ofNullable(moment.scans().get(place.id())).stream()
                        .flatMap(scan -> stuck(
                                moment,
                                place,
                                scan,
                                leases.getOrDefault(scan.listing().id(), List.of()))))
                .collect(Collectors.groupingBy(Stuck::reason, Collectors.summingInt(Stuck::shards)));
    }

    private static Stream<Stuck> stuck(Moment moment, Names.Place place, Moment.Scan scan, List<LeaseStanding> leases) {
        return Stream.concat(
                scan.stuck().stream(), StuckRules.reasons(seen(moment, place, scan.listing(), leases)).stream());
    }

    private static StuckRules.Seen seen(Moment moment, Names.Place place, Listing listing, List<LeaseStanding> leases) {
        List<Optional<Duration>> crawlers = new ArrayList<>();
        List<Optional<NoLease.Reason>> agents = new ArrayList<>();
        int drained = 0;
        for (Member member : moment.names().members()) {
            Optional<Duration> ago = heard(moment, member);
            if (member.silent()) {
                continue;
            }
            if (member.role() == MemberRole.CRAWLER && member.owner().equals(place.site())) {
                crawlers.add(ago);
            } else if (member.role() == MemberRole.AGENT
                    && ago.filter(span -> span.compareTo(StuckRules.AWAY) <= 0).isPresent()) {
                if (member.standing() == MemberStanding.DRAINING) {
                    drained++;
                    continue;
                }
                agents.add(
                        presence(moment, member).flatMap(Moment.Presence::empty).map(EmptyAnswer::reason));
            }
        }
        return new StuckRules.Seen(
                listing.state() == ListingState.LISTING,
                listing.intake().shardsOpen(),
                leases.stream().map(lease -> lease.times().still()).toList(),
                crawlers,
                agents,
                drained);
    }

    private static Optional<Moment.Presence> presence(Moment moment, Member member) {
        return Optional.ofNullable(moment.fleet().get(member.id()));
    }

    private static Optional<Duration> heard(Moment moment, Member member) {
        return presence(moment, member).flatMap(Moment.Presence::heard).map(at -> between(at, moment.now()));
    }

    private static MemberRow row(Moment moment, Member member, long leases) {
        MemberRow.Builder row = MemberRow.newBuilder()
                .setId(member.id().value())
                .setRole(member.role().wire())
                .setName(member.name())
                .setOwner(moment.names().owner(member.owner()))
                .setStanding(member.standing().wire())
                .setHeldOutFor(member.heldOutFor())
                .setLeases((int) leases);
        heard(moment, member).ifPresent(ago -> row.setHeard(span(ago)));
        presence(moment, member).flatMap(Moment.Presence::build).ifPresent(build -> row.setBuild(wire(build)));
        presence(moment, member).filter(_ -> member.role() == MemberRole.AGENT).ifPresent(presence -> {
            row.setQuota(presence.quota());
            presence.agent()
                    .ifPresent(agent -> row.setEquipment(AgentEquipment.newBuilder()
                                    .setProviderClass(agent.has().providerClass())
                                    .setMemoryBytes(agent.has().memory().orElse(0))
                                    .setBundles(agent.has().bundles().size()))
                            .setObjectsPerSecond(agent.objectsPerSecond())
                            .setProven(agent.proven()));
            presence.empty()
                    .ifPresent(empty -> row.setNone(NoWork.newBuilder()
                            .setReason(empty.reason())
                            .setDetail(empty.detail())
                            .setAgo(span(between(empty.at(), moment.now())))));
        });
        return row.build();
    }

    private static Duration between(Instant from, Instant to) {
        return to.isAfter(from) ? Duration.between(from, to) : Duration.ZERO;
    }

    private static Span span(Duration duration) {
        return Span.newBuilder().setMilliseconds(duration.toMillis()).build();
    }
}
