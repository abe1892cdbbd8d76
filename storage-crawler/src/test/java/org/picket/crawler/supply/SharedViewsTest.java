package org.picket.crawler.supply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.picket.proto.id.StorageId;
import org.picket.proto.v1.OpenViewsRequest;
import org.picket.proto.v1.SuppliedObject;

/// One server for the views of several storages.
class SharedViewsTest extends SupplyFixture {
    private static final StorageId OTHER = new StorageId(8);

    private final SharedViews views = new SharedViews();
    private final MemorySource otherSource = new MemorySource();
    private Supply supply;
    private Supply other;
    private ManagedChannel channel;

    @BeforeEach
    void serve() {
        fill(3);
        otherSource.put("other", content(9));
        supply = supply(STORAGE, source, SETTINGS, Brake.Clock.system());
        other = supply(OTHER, otherSource, SETTINGS, Brake.Clock.system());
        views.add(STORAGE, supply);
        views.add(OTHER, other);
        channel = channel(views.service());
    }

    private Status open(OpenViewsRequest request) throws InterruptedException {
        return new Agent(channel, 100, request).closed();
    }

    private List<String> told() {
        List<String> keys =
                coordinator.objects().stream().map(SuppliedObject::getKey).toList();
        coordinator.reports.clear();
        return keys;
    }

    @Test
    void ticketComesToTheStorageThatItNames() throws InterruptedException {
        assertEquals(Status.Code.OK, open(ticket(STORAGE)).getCode());
        assertEquals(List.of(key(0), key(1), key(2)), told());
        assertEquals(Status.Code.OK, open(ticket(OTHER)).getCode());
        assertEquals(List.of("other"), told());
        assertEquals(1, otherSource.fetches());
    }

    /// Whichever way it came, and whatever the coordinator would say of it.
    @Test
    void supplyTakesNoTicketOfAnotherStorage() throws InterruptedException {
        Agent stray = new Agent(channel(other.service()), 100, ticket(STORAGE));
        assertEquals(Status.Code.PERMISSION_DENIED, stray.closed().getCode());
        assertTrue(stray.frames.isEmpty());
        assertEquals(
                Optional.of(Status.Code.PERMISSION_DENIED),
                other.at(0).refusal(ticket(STORAGE)).map(Status::getCode));
        assertEquals(Optional.empty(), other.at(0).refusal(ticket(OTHER)));
        assertEquals(0, source.fetches() + otherSource.fetches());
    }

    @Test
    void storageThatIsNotServedSaysNothingAgainstTheWay() throws InterruptedException {
        views.remove(OTHER, supply);
        assertEquals(Status.Code.OK, open(ticket(OTHER)).getCode(), "another supply's end took it away");
        assertEquals(List.of("other"), told());
        views.remove(OTHER, other);
        for (OpenViewsRequest request :
                List.of(ticket(OTHER), ticket(new StorageId(9)), OpenViewsRequest.getDefaultInstance())) {
            // As UNAVAILABLE would, against the way to all storages of this crawler.
            assertEquals(Status.Code.RESOURCE_EXHAUSTED, open(request).getCode());
        }
        assertEquals(Status.Code.OK, open(ticket(STORAGE)).getCode());
    }
}
