package org.picket.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Channel;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.fleet.Fleet;
import org.picket.coordinator.fleet.MemberRole;
import org.picket.coordinator.fleet.MemberStanding;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.coordinator.lease.Leases;
import org.picket.proto.id.MemberId;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.AcquireResponse;
import org.picket.proto.v1.Grant;
import org.picket.proto.v1.NoLease;
import org.picket.proto.v1.OfferRequest;
import org.picket.proto.v1.ReportResponse;
import org.picket.proto.v1.SuppliesGrpc;
import org.picket.proto.v1.TicketStatement;

/// Members that are drained: they keep what they have, and get nothing more.
class DrainIT extends TwoCoordinators {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final long SOON_SECONDS = 10;
    private static final long LOOK_NANOS = 1_000_000;

    /// A crawler of which the number is known.
    private record Numbered(MemberId id, FakeCrawler crawler, Channel channel) {
        /// Says where its views are.
        void offer() {
            SuppliesGrpc.newBlockingStub(channel)
                    .offer(OfferRequest.newBuilder()
                            .setStorageId(crawler.storage)
                            .setAddress("crawler.example:7444")
                            .build());
        }
    }

    private Numbered numbered(long storage, OwnerId site) {
        SigningKey key = SigningKey.generate(new SecureRandom());
        Channel channel = collective.enrolled(MemberRole.CRAWLER, site, key);
        return new Numbered(member(collective, key), new FakeCrawler(channel, storage), channel);
    }

    private static MemberId member(Collective at, SigningKey key) {
        return at.coordinator
                .fleet()
                .keyring()
                .member(key.verifyingKey().id())
                .orElseThrow()
                .id();
    }

    private void stand(MemberId member, MemberStanding standing) {
        collective.coordinator.fleet().stand(member, standing);
    }

    private static void fill(FakeCrawler crawler, int objects) {
        for (int i = 0; i < objects; i++) {
            crawler.put(Item.clean("k%04d of %d".formatted(i, crawler.storage)));
        }
    }

    private static long storage(Grant grant) throws InvalidProtocolBufferException {
        return TicketStatement.parseFrom(grant.getTicket().getStatement()).getStorageId();
    }

    private String stuck() {
        Leases leases = collective.coordinator.leases();
        return leases.listings().stream()
                .flatMap(listing -> leases.overview().stuck(listing).stream())
                .toList()
                .toString();
    }

    private void complete(FakeAgent agent, FakeCrawler crawler, Grant grant) {
        List<ReportResponse> answers = crawler.supply(grant).stream()
                .map(segment -> agent.report(agent.verdict(grant, segment)))
                .toList();
        assertTrue(answers.getLast().getAccepted().getComplete(), answers::toString);
    }

    private static void assertDrained(AcquireResponse answer) {
        assertEquals(NoLease.Reason.DRAINING, answer.getNone().getReason(), answer::toString);
        assertTrue(answer.getNone().getDetail().contains("operator drains this member"), answer::toString);
    }

    @Test
    void drainedAgentKeepsItsLeaseAndGetsNoOther() {
        fill(600);
        crawler.list();
        FakeAgent agent = collective.agent(1);
        Grant grant = agent.lease();
        stand(member(collective, agent.key), MemberStanding.DRAINING);
        assertDrained(agent.ask());
        assertEquals(30_000, agent.ask().getNone().getComeBack().getMilliseconds());
        assertTrue(agent.beat(grant, 0).hasTtl());
        complete(agent, crawler, grant);
        assertEquals(0, collective.coordinator.leases().size());
        assertDrained(agent.ask());
        assertTrue(collective.agent(2).lease().hasFence(), "others work on");
        stand(member(collective, agent.key), MemberStanding.ACTIVE);
        complete(agent, crawler, agent.lease());
    }

    /// Who waits was let in before it was drained.
    @Test
    void agentThatWaitsIsToldAtOnce() throws Exception {
        FakeAgent agent = collective.agent(1);
        CompletableFuture<AcquireResponse> answer = CompletableFuture.supplyAsync(() -> agent.ask(LONG));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SOON_SECONDS);
        while (collective.coordinator.leases().waiting() == 0) {
            assertTrue(System.nanoTime() < deadline, "it waits");
            LockSupport.parkNanos(LOOK_NANOS);
        }
        stand(member(collective, agent.key), MemberStanding.DRAINING);
        assertDrained(answer.get(SOON_SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void storageOfADrainedCrawlerGrantsNothingWhileAnotherDoes() throws Exception {
        OwnerId site = new OwnerId(storage + 1_000);
        collective.storage(storage, EPOCH, site);
        Numbered drained = numbered(storage, site);
        fill(drained.crawler(), 600);
        drained.crawler().list();
        FakeAgent agent = collective.agent(1);
        Grant held = agent.lease();

        anotherStorage();
        fill(10);
        crawler.list();
        long others = storage;
        stand(drained.id(), MemberStanding.DRAINING);
        assertTrue(stuck().contains("drains crawler " + drained.id()), this::stuck);
        Grant grant = agent.lease();
        assertEquals(others, storage(grant));
        complete(agent, crawler, grant);
        collective.coordinator.follow();
        NoLease none = agent.ask().getNone();
        assertEquals(NoLease.Reason.DRAINING, none.getReason(), none::toString);
        assertTrue(none.getDetail().contains("drains the crawlers of all storages"), none::toString);

        complete(agent, drained.crawler(), held);
        anotherStorage();
        collective.storage(storage, EPOCH, site);
        FakeCrawler further = new FakeCrawler(drained.channel(), storage);
        fill(further, 50);
        assertEquals(50, listing(further.list()).counts().listed(), "its listings are taken");
        assertFalse(agent.acquire().isPresent());
        stand(drained.id(), MemberStanding.ACTIVE);
        assertEquals("[]", stuck());
        assertTrue(storage(agent.lease()) != others);
    }

    /// Where the crawlers of a site say which storage is whose.
    @Test
    void storagesOfOtherCrawlersOfTheSiteGoOn() throws Exception {
        OwnerId site = new OwnerId(storage + 2_000);
        collective.storage(storage, EPOCH, site);
        Numbered one = numbered(storage, site);
        anotherStorage();
        collective.storage(storage, EPOCH, site);
        Numbered two = numbered(storage, site);
        for (Numbered each : List.of(one, two)) {
            each.offer();
            fill(each.crawler(), 10);
            each.crawler().list();
        }
        stand(one.id(), MemberStanding.DRAINING);
        FakeAgent agent = collective.agent(1);
        Grant grant = agent.lease();
        assertEquals(two.crawler().storage, storage(grant));
        Leases leases = collective.coordinator.leases();
        Fleet fleet = collective.coordinator.fleet();
        database.useTransaction(handle -> fleet.members(handle, 1_000).forEach(member -> {
            if (member.owner().equals(site)) {
                assertEquals(
                        member.id().equals(two.id()) ? 1 : 0, leases.overview().held(member), member::toString);
            }
        }));
        assertFalse(agent.acquire().isPresent());
        stand(one.id(), MemberStanding.ACTIVE);
        assertEquals(one.crawler().storage, storage(agent.lease()));
    }

    @Test
    void otherCoordinatorsDrainTooAndSoDoesOneThatStartsAnew() {
        fill(600);
        crawler.list();
        other.coordinator.follow();
        FakeAgent there = other.agent(1);
        Grant grant = there.lease();
        stand(member(other, there.key), MemberStanding.DRAINING);
        other.coordinator.follow();
        assertDrained(there.ask());
        assertTrue(there.beat(grant, 0).hasTtl());
        other.restart();
        assertDrained(other.agent(1, there.key).ask());
        stand(member(other, there.key), MemberStanding.ACTIVE);
        other.coordinator.follow();
        assertTrue(other.agent(1, there.key).lease().hasFence());
    }

    @Test
    void drainedMemberThatWasSuspendedIsDrainedAfterwards() {
        fill(600);
        crawler.list();
        other.coordinator.follow();
        FakeAgent agent = collective.agent(1);
        MemberId id = member(collective, agent.key);
        stand(id, MemberStanding.DRAINING);
        stand(id, MemberStanding.SUSPENDED);
        other.coordinator.follow();
        Fleet fleet = collective.coordinator.fleet();
        assertEquals(
                MemberStanding.DRAINING,
                fleet.stand(id, MemberStanding.ACTIVE).orElseThrow().standing());
        assertDrained(agent.ask());
        other.coordinator.follow();
        assertTrue(other.coordinator.fleet().drained().contains(id));
        stand(id, MemberStanding.ACTIVE);
        assertTrue(agent.lease().hasFence());
    }

    /// Coordinators of an earlier version write no more than they know.
    @Test
    void whatAnEarlierCoordinatorWritesNeitherDrainsNorSilences() {
        fill(600);
        crawler.list();
        FakeAgent agent = collective.agent(1);
        MemberId id = member(collective, agent.key);
        Grant grant = agent.lease();
        stand(id, MemberStanding.DRAINING);
        database.useTransaction(handle -> handle.execute(
                "update member set suspended = false, revoked = false, held_out_for = '' where id = ?", id.value()));
        collective.coordinator.follow();
        assertDrained(agent.ask());
        assertTrue(agent.beat(grant, 0).hasTtl());
    }
}
