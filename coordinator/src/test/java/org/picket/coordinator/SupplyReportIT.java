package org.picket.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.picket.proto.limit.Limits;
import org.picket.proto.v1.Grant;
import org.picket.proto.v1.HashType;
import org.picket.proto.v1.ListHit;
import org.picket.proto.v1.Listed;
import org.picket.proto.v1.SuppliedObject;
import org.picket.proto.v1.SuppliedViews;

class SupplyReportIT extends ScannedStorage {
    @BeforeEach
    void fillStorage() {
        fill(6);
    }

    @Test
    void sameSupplyReportTwiceHasOneEffect() {
        long listing = crawler.list();
        FakeAgent agent = collective.agent(1);
        Grant grant = agent.lease();
        List<Item> items = crawler.leased(crawler.resolve(grant));
        List<SuppliedObject> objects =
                items.stream().map(SupplyReportIT::supplied).toList();

        crawler.report(grant, 0, objects.subList(0, 2), false);
        crawler.report(grant, 0, objects.subList(0, 2), false);
        assertEquals(
                Status.Code.FAILED_PRECONDITION,
                refused(() -> crawler.report(grant, 0, objects.subList(1, 3), false)),
                "other objects at the same place");
        crawler.report(grant, 2, objects.subList(2, 6), true);
        crawler.report(grant, 2, objects.subList(2, 6), true);
        assertEquals(
                Status.Code.FAILED_PRECONDITION,
                refused(() -> crawler.report(grant, 0, objects.subList(0, 2), false)),
                "a report before the last");

        assertTrue(agent.report(agent.verdict(grant, 0, 2, items.subList(0, 2))).hasAccepted());
        crawler.report(grant, 2, objects.subList(2, 6), true);
        assertTrue(agent.report(agent.verdict(grant, 2, 6, items.subList(2, 6)))
                .getAccepted()
                .getComplete());
        assertEquals(6, cleared(listing));
    }

    @Test
    void crawlerTellsOfItsShardsObjectsInOrderAndOnce() {
        crawler.list();
        Grant grant = collective.agent(1).lease();
        List<SuppliedObject> objects = crawler.leased(crawler.resolve(grant)).stream()
                .map(SupplyReportIT::supplied)
                .toList();
        List<List<SuppliedObject>> lies = List.of(
                List.of(objects.get(1), objects.get(0)),
                List.of(objects.get(0), objects.get(0)),
                List.of(objects.get(0), supplied(Item.clean("another shard's"))));
        for (List<SuppliedObject> lie : lies) {
            assertEquals(Status.Code.INVALID_ARGUMENT, refused(() -> crawler.report(grant, 0, lie, false)));
        }
        crawler.report(grant, 0, objects, true);
    }

    @Test
    void lastSupplyReportThatCouldNotBeWrittenIsSentAgain() {
        long listing = crawler.list();
        Grant grant = collective.agent(1).lease();
        crawler.items.clear();
        crawler.resolve(grant);

        collective.ledgerFails = true;
        assertEquals(Status.Code.UNAVAILABLE, refused(() -> crawler.report(grant, 0, List.of(), true)));
        assertEquals(1, collective.coordinator.leases().size());
        collective.ledgerFails = false;
        crawler.report(grant, 0, List.of(), true);

        assertEquals(0, collective.coordinator.leases().size());
        assertTrue(collective.agent(1).acquire().isEmpty(), "the shard is over");
        assertEquals(0, cleared(listing));
    }

    @Test
    void crawlerIsNotBelievedThatAListHasAnObject() {
        long listing = crawler.list();
        FakeAgent agent = collective.agent(1);
        Grant grant = agent.lease();
        List<Item> items = crawler.leased(crawler.resolve(grant));
        List<SuppliedObject> objects =
                items.stream().map(SupplyReportIT::supplied).toList();
        ByteString content = items.getFirst().sha256().bytes();
        List<ListHit> lies = List.of(
                ListHit.newBuilder()
                        .setListId(7)
                        .setType(HashType.SHA256)
                        .setValue(content)
                        .build(),
                ListHit.newBuilder()
                        .setListId(-1)
                        .setType(HashType.SHA256)
                        .setValue(content)
                        .build(),
                ListHit.getDefaultInstance());
        for (ListHit lie : lies) {
            SuppliedObject listed = objects.getFirst().toBuilder()
                    .setListed(Listed.newBuilder().addHits(lie))
                    .build();
            assertEquals(Status.Code.INVALID_ARGUMENT, refused(() -> crawler.report(grant, 0, List.of(listed), false)));
        }
        SuppliedObject nothing = objects.getFirst().toBuilder()
                .setListed(Listed.getDefaultInstance())
                .build();
        SuppliedObject many = objects.getFirst().toBuilder()
                .setListed(Listed.newBuilder().addAllHits(Collections.nCopies(Limits.LIST_HITS + 1, lies.getFirst())))
                .build();
        assertEquals(Status.Code.INVALID_ARGUMENT, refused(() -> crawler.report(grant, 0, List.of(nothing), false)));
        assertEquals(Status.Code.INVALID_ARGUMENT, refused(() -> crawler.report(grant, 0, List.of(many), false)));
        // The truth is taken after all of that, and no lie is left of it.
        crawler.report(grant, 0, objects, true);
        assertTrue(agent.report(agent.verdict(grant, 0, 6, items)).hasAccepted());
        assertEquals(6, cleared(listing));
    }

    @Test
    void objectsThatWaitForTheirVerdictAreBounded() {
        crawler.list();
        Grant grant = collective.agent(1).lease();
        crawler.resolve(grant);
        int most = 4 * Limits.SHARD_OBJECTS;
        for (int from = 0; from < most; from += Limits.SEGMENT_OBJECTS) {
            crawler.report(
                    grant,
                    from,
                    IntStream.range(from, from + Limits.SEGMENT_OBJECTS)
                            .mapToObj(SupplyReportIT::grown)
                            .toList(),
                    false);
        }
        assertEquals(
                Status.Code.RESOURCE_EXHAUSTED, refused(() -> crawler.report(grant, most, List.of(grown(most)), true)));
        crawler.report(grant, most, List.of(), true);
    }

    /// One that came into the shard since it was listed.
    private static SuppliedObject grown(int number) {
        return supplied(Item.clean("k0000 %05d".formatted(number)));
    }

    private static SuppliedObject supplied(Item item) {
        return SuppliedObject.newBuilder()
                .setKey(item.key())
                .setVersion(item.version())
                .setBytes(item.content().length())
                .setSha256(item.sha256().bytes())
                .setViews(SuppliedViews.newBuilder().addDigests(item.view()))
                .build();
    }

    private static Status.Code refused(Runnable call) {
        return assertThrows(StatusRuntimeException.class, call::run).getStatus().getCode();
    }

    private long cleared(long listing) {
        return listing(listing).counts().cleared();
    }
}
