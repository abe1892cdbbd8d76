package org.picket.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.lease.Leases;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.proto.circle.Circle;
import org.picket.proto.v1.GiveBackRequest;
import org.picket.proto.v1.Grant;
import org.picket.proto.v1.NoLease;
import org.picket.proto.v1.TicketStatement;

/// Sites that accept some operators and not others.
class CircleIT extends ScannedStorage {
    private static final long STRANGER = 77;

    private void accept(String... entries) {
        collective.storage(storage, EPOCH, new StorageTerms.Admission(Circle.parse(List.of(entries)), Map.of()));
    }

    private String stuck() {
        Leases leases = collective.coordinator.leases();
        return leases.listings().stream()
                .flatMap(listing -> leases.overview().stuck(listing).stream())
                .toList()
                .toString();
    }

    private static TicketStatement ticket(Grant grant) throws InvalidProtocolBufferException {
        return TicketStatement.parseFrom(grant.getTicket().getStatement());
    }

    @Test
    void agentOutsideTheCircleGetsNoLeaseAndIsToldWhy() {
        fill(10);
        crawler.list();
        accept("own");
        FakeAgent stranger = collective.agent(STRANGER);
        NoLease none = stranger.ask().getNone();
        assertEquals(NoLease.Reason.OUTSIDE_CIRCLE, none.getReason(), none.getDetail());
        assertEquals(30_000, none.getComeBack().getMilliseconds());
        assertTrue(stuck().contains("no agent of the storage's circle has asked"), this::stuck);
        assertTrue(collective.agent(Collective.SITE.value()).acquire().isPresent(), "the site's own agent");
        assertEquals("[]", stuck());
        assertEquals(NoLease.Reason.OUTSIDE_CIRCLE, stranger.ask().getNone().getReason());
    }

    @Test
    void changedCircleHoldsForTheNextLease() {
        fill(10);
        crawler.list();
        accept("own");
        FakeAgent stranger = collective.agent(STRANGER);
        assertFalse(stranger.acquire().isPresent());
        collective.storage(storage, EPOCH);
        Grant grant = stranger.lease();
        stranger.giveBack(grant, GiveBackRequest.Reason.STOPPING);
        accept("own");
        assertFalse(stranger.acquire().isPresent());
    }

    @Test
    void agentsOfARegionAreAcceptedAndTheTicketNamesIt() throws InvalidProtocolBufferException {
        fill(10);
        crawler.list();
        accept("region:eu");
        assertFalse(collective.agent(STRANGER).acquire().isPresent(), "nobody told where it stands");
        assertFalse(collective.agent(STRANGER, "us").acquire().isPresent());
        Grant grant = collective.agent(STRANGER, "eu").lease();
        assertEquals("eu", ticket(grant).getAgentRegion());
    }

    /// A site whose circle has nobody in it just now holds up nobody.
    @Test
    void othersGoOnWhileOneSiteHasNoAgentOfItsCircle() throws InvalidProtocolBufferException {
        fill(10);
        crawler.list();
        accept("operator:nobody here");
        long closed = storage;
        anotherStorage();
        fill(2_000);
        crawler.list();
        FakeAgent stranger = collective.agent(STRANGER);
        for (int i = 0; i < 5; i++) {
            Grant grant = stranger.lease();
            assertEquals(storage, ticket(grant).getStorageId());
            assertTrue(storage != closed);
            crawler.supply(grant)
                    .forEach(segment -> assertTrue(
                            stranger.report(stranger.verdict(grant, segment)).hasAccepted()));
        }
    }
}
