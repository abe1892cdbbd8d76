package org.picket.crawler.order;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.picket.crawler.removal.Outcome;
import org.picket.crawler.removal.RemovalOrder;
import org.picket.crawler.removal.Removals;
import org.picket.proto.id.OrderId;
import org.picket.proto.id.StorageId;
import org.picket.proto.seal.Digest;
import org.picket.proto.seal.Opened;
import org.picket.proto.seal.SealKind;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.AcknowledgeRequest;
import org.picket.proto.v1.AcknowledgeResponse;
import org.picket.proto.v1.Mode;
import org.picket.proto.v1.OrderStatement;
import org.picket.proto.v1.OrderStatement.Authority;
import org.picket.proto.v1.PullOrdersRequest;
import org.picket.proto.v1.PullOrdersResponse;
import org.picket.proto.v1.ReceiptStatement;
import org.picket.proto.v1.RemovalAction;
import org.picket.proto.v1.RemovalsGrpc;
import org.picket.proto.v1.Sealed;
import org.picket.runtime.channel.Attempts;
import org.picket.runtime.channel.ChannelSettings;
import org.picket.runtime.channel.Channels;
import org.picket.runtime.channel.Servers;

@Timeout(30)
class OrderLoopTest {
    private static final StorageId STORAGE = new StorageId(5);
    private static final Attempts QUICK = new Attempts(2, Duration.ofMillis(1), Duration.ofMillis(1));

    private final SigningKey coordinatorKey = SigningKey.generate(new SecureRandom());
    private final SigningKey crawlerKey = SigningKey.generate(new SecureRandom());
    private final OrdersFake coordinator = new OrdersFake();
    private final Map<OrderId, Integer> carriedOut = new ConcurrentHashMap<>();
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicInteger errors = new AtomicInteger();
    private final Server server =
            Servers.inProcess("orders", ChannelSettings.DEFAULT, List.of(coordinator.bindService()), List.of());
    private final ManagedChannel channel = Channels.inProcess("orders", ChannelSettings.DEFAULT, List.of());

    @AfterEach
    void close() {
        channel.shutdownNow();
        server.shutdownNow();
    }

    @Test
    void allowedOrderIsCarriedOutAndAnsweredWithASealedReceipt() {
        OrderId id = coordinator.add(order(RemovalAction.QUARANTINE, Authority.SITE_MODE));
        run(Mode.QUARANTINE_FLAGGED, () -> coordinator.open.isEmpty());
        ReceiptStatement receipt = coordinator.receipts.get(id);
        assertEquals(ReceiptStatement.Outcome.PURGED, receipt.getOutcome());
        assertEquals(coordinator.digests.get(id).bytes(), receipt.getOrderDigest());
        assertEquals(Map.of(id, 1), carriedOut);
    }

    /// One that the site has allowed the content of, whatever its mode says; also where it waits for another mode.
    @Test
    void withdrawnOrderIsRefusedAndNotCarriedOut() {
        for (Mode mode : List.of(Mode.DELETE_FLAGGED, Mode.OBSERVE)) {
            OrderId id = coordinator.add(order(RemovalAction.PURGE, Authority.SITE_MODE));
            coordinator.withdrawn.add(id);
            run(mode, () -> coordinator.open.isEmpty());
            ReceiptStatement receipt = coordinator.receipts.get(id);
            assertEquals(ReceiptStatement.Outcome.REFUSED, receipt.getOutcome());
            assertTrue(receipt.getDetail().contains("has allowed its content"), receipt.getDetail());
        }
        assertEquals(Map.of(), carriedOut);
    }

    @Test
    void receiptThatIsLostIsMadeAgain() {
        OrderId id = coordinator.add(order(RemovalAction.QUARANTINE, Authority.SITE_MODE));
        coordinator.lostReceipts.set(3);
        run(Mode.QUARANTINE_FLAGGED, () -> coordinator.open.isEmpty());
        assertEquals(
                ReceiptStatement.Outcome.PURGED, coordinator.receipts.get(id).getOutcome());
        assertTrue(carriedOut.get(id) >= 2, "the order was handed in again");
    }

    @Test
    void orderThatFailsForTheMomentStaysOpenUntilItSucceeds() {
        OrderId id = coordinator.add(order(RemovalAction.PURGE, Authority.PERSON));
        failures.set(2);
        run(Mode.DELETE_FLAGGED, () -> coordinator.open.isEmpty());
        assertEquals(3, carriedOut.get(id));
    }

    @Test
    void orderThatFailsWithAnErrorStopsNeitherTheOthersNorTheLoop() {
        coordinator.add(order(RemovalAction.QUARANTINE, Authority.SITE_MODE));
        coordinator.add(order(RemovalAction.QUARANTINE, Authority.SITE_MODE));
        errors.set(1);
        run(Mode.QUARANTINE_FLAGGED, () -> coordinator.open.isEmpty());
        assertEquals(2, coordinator.receipts.size());
    }

    @Test
    void sitesModeDecidesWhateverTheCoordinatorOrders() {
        assertEquals(0, doneIn(Mode.OBSERVE, RemovalAction.QUARANTINE, Authority.SITE_MODE));
        assertEquals(0, doneIn(Mode.OBSERVE, RemovalAction.PURGE, Authority.PERSON));
        assertEquals(0, doneIn(Mode.QUARANTINE_FLAGGED, RemovalAction.PURGE, Authority.SITE_MODE));
        assertEquals(0, doneIn(Mode.QUARANTINE_FLAGGED, RemovalAction.QUARANTINE, Authority.AUTHORITY_UNSPECIFIED));
        assertEquals(0, doneIn(Mode.QUARANTINE_FLAGGED, RemovalAction.PURGE, Authority.PERSON));
        assertEquals(1, doneIn(Mode.QUARANTINE_FLAGGED, RemovalAction.QUARANTINE, Authority.PERSON));
        assertEquals(1, doneIn(Mode.QUARANTINE_FLAGGED, RemovalAction.RELEASE, Authority.PERSON));
        assertEquals(1, doneIn(Mode.DELETE_FLAGGED, RemovalAction.PURGE, Authority.SITE_MODE));
        assertEquals(1, doneIn(Mode.DELETE_FLAGGED, RemovalAction.PURGE, Authority.PERSON));
        assertEquals(0, doneIn(Mode.DELETE_FLAGGED, RemovalAction.RELEASE, Authority.SITE_MODE));
    }

    @Test
    void siteThatHeedsItsAdministratorsCarriesOutWhatTheyOrderAndRefusesTheRest() {
        SitePolicy heeding = SitePolicy.of(Mode.OBSERVE).heedingAdministrators();
        for (RemovalAction action : List.of(RemovalAction.QUARANTINE, RemovalAction.RELEASE, RemovalAction.PURGE)) {
            assertEquals(1, doneIn(heeding, action, Authority.PERSON));
            assertEquals(0, doneIn(heeding, action, Authority.SITE_MODE));
            assertEquals(0, doneIn(heeding, action, Authority.AUTHORITY_UNSPECIFIED));
        }
        assertEquals(0, doneIn(heeding, RemovalAction.REMOVAL_ACTION_UNSPECIFIED, Authority.PERSON));
        assertEquals(
                1,
                doneIn(
                        SitePolicy.of(Mode.QUARANTINE_FLAGGED).heedingAdministrators(),
                        RemovalAction.PURGE,
                        Authority.PERSON));
    }

    @Test
    void refusalOfAPersonsOrderSaysWhichSettingWouldHaveItCarriedOut() {
        OrderId id = coordinator.add(order(RemovalAction.QUARANTINE, Authority.PERSON));
        run(Mode.OBSERVE, () -> coordinator.open.isEmpty());
        String why = coordinator.receipts.get(id).getDetail();
        assertTrue(why.contains("mode observe") && why.contains("crawler.heed-administrators"), why);
    }

    @Test
    void personHereIsHeededAndWhatTheModeOrderedEarlierWaits() {
        OrderId waiting = coordinator.add(order(RemovalAction.QUARANTINE, Authority.SITE_MODE));
        OrderId asked = coordinator.add(order(RemovalAction.PURGE, Authority.PERSON));
        run(SitePolicy.ofPersonHere(), () -> !coordinator.open.containsKey(asked) && coordinator.pulls.get() >= 3);
        assertEquals(Map.of(asked, 1), carriedOut);
        assertEquals(Set.of(waiting), coordinator.open.keySet());
    }

    @Test
    void whatIsPossibleIsWhatAnybodyMayOrder() {
        assertEquals(Set.of(), SitePolicy.of(Mode.OBSERVE).possible());
        assertEquals(
                EnumSet.of(
                        org.picket.crawler.removal.RemovalAction.QUARANTINE,
                        org.picket.crawler.removal.RemovalAction.RELEASE),
                SitePolicy.of(Mode.QUARANTINE_FLAGGED).possible());
        for (SitePolicy all : List.of(
                SitePolicy.of(Mode.DELETE_FLAGGED),
                SitePolicy.of(Mode.OBSERVE).heedingAdministrators(),
                SitePolicy.ofPersonHere())) {
            assertEquals(EnumSet.allOf(org.picket.crawler.removal.RemovalAction.class), all.possible());
        }
    }

    private int doneIn(Mode mode, RemovalAction action, Authority authority) {
        return doneIn(SitePolicy.of(mode), action, authority);
    }

    private int doneIn(SitePolicy policy, RemovalAction action, Authority authority) {
        carriedOut.clear();
        OrderId id = coordinator.add(order(action, authority));
        run(policy, () -> coordinator.open.isEmpty());
        assertEquals(
                carriedOut.isEmpty(), coordinator.receipts.get(id).getOutcome() == ReceiptStatement.Outcome.REFUSED);
        return carriedOut.size();
    }

    /// As after a kill between the effect and its receipt, and a start in another mode.
    @Test
    void orderThatTouchedItsObjectIsNotRefusedThoughTheModeAllowsItNoLonger() {
        OrderId id = coordinator.add(order(RemovalAction.QUARANTINE, Authority.SITE_MODE));
        carriedOut.put(id, 1);
        run(Mode.OBSERVE, () -> coordinator.open.isEmpty());
        assertEquals(
                ReceiptStatement.Outcome.PURGED, coordinator.receipts.get(id).getOutcome());
    }

    @Test
    void orderForAnotherStorageIsRefused() {
        OrderId id = coordinator.add(order(RemovalAction.QUARANTINE, Authority.SITE_MODE).toBuilder()
                .setStorageId(STORAGE.value() + 1)
                .build());
        run(Mode.DELETE_FLAGGED, () -> coordinator.open.isEmpty());
        assertEquals(
                ReceiptStatement.Outcome.REFUSED, coordinator.receipts.get(id).getOutcome());
        assertTrue(carriedOut.isEmpty());
    }

    @Test
    void orderOfAnotherKeyHasNoEffectAndNoAnswer() {
        SigningKey stranger = SigningKey.generate(new SecureRandom());
        coordinator.add(order(RemovalAction.QUARANTINE, Authority.SITE_MODE), stranger);
        run(Mode.DELETE_FLAGGED, () -> coordinator.pulls.get() >= 3);
        assertTrue(carriedOut.isEmpty());
        assertTrue(coordinator.receipts.isEmpty());
    }

    private void run(Mode mode, BooleanSupplier until) {
        run(SitePolicy.of(mode), until);
    }

    private void run(SitePolicy policy, BooleanSupplier until) {
        try (OrderLoop loop = OrderLoop.start(
                new OrderLoop.Served(STORAGE, "folder:/one", new Storage()),
                policy,
                new OrderLoop.Parties(coordinatorKey.verifyingKey(), crawlerKey),
                RemovalsGrpc.newBlockingStub(channel),
                QUICK,
                () -> Instant.EPOCH)) {
            coordinator.await(until);
            assertTrue(loop.status().answered() >= 0);
        }
    }

    private final class Storage implements Removals {
        @Override
        public Outcome carryOut(RemovalOrder order, Instant now) {
            return OrderLoopTest.this.carryOut(order);
        }

        @Override
        public boolean withdraw(RemovalOrder order) {
            return !carriedOut.containsKey(order.orderId());
        }
    }

    private Outcome carryOut(RemovalOrder order) {
        if (errors.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new StackOverflowError("synthetic");
        }
        int times = carriedOut.merge(order.orderId(), 1, Integer::sum);
        if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            return new Outcome.Failed("the disk is away", true);
        }
        Outcome done = new Outcome.Purged(Outcome.Assurance.EXACT);
        return times == 1 ? done : new Outcome.AlreadyDone(done);
    }

    private static OrderStatement order(RemovalAction action, Authority authority) {
        ByteString quarantine =
                action == RemovalAction.RELEASE ? new OrderId(UUID.randomUUID()).bytes() : ByteString.EMPTY;
        return OrderStatement.newBuilder()
                .setOrderId(new OrderId(UUID.randomUUID()).bytes())
                .setQuarantineOrderId(quarantine)
                .setStorageId(STORAGE.value())
                .setFindingId(1)
                .setAction(action)
                .setKey("a/b")
                .setVersion("v")
                .setSha256(ByteString.copyFrom(new byte[32]))
                .setBytes(3)
                .setAuthority(authority)
                .build();
    }

    private final class OrdersFake extends RemovalsGrpc.RemovalsImplBase {
        private final Map<OrderId, Sealed> open = new LinkedHashMap<>();
        private final Set<OrderId> withdrawn = new HashSet<>();
        private final Map<OrderId, Digest> digests = new HashMap<>();
        private final Map<OrderId, ReceiptStatement> receipts = new HashMap<>();
        private final AtomicInteger pulls = new AtomicInteger();
        private final AtomicInteger lostReceipts = new AtomicInteger();

        OrderId add(OrderStatement order) {
            return add(order, coordinatorKey);
        }

        synchronized OrderId add(OrderStatement order, SigningKey key) {
            OrderId id = OrderId.of(order.getOrderId());
            Sealed sealed = key.seal(SealKind.ORDER, order);
            open.put(id, sealed);
            digests.put(id, Digest.of(sealed.getStatement()));
            return id;
        }

        synchronized void await(BooleanSupplier condition) {
            try {
                while (!condition.getAsBoolean()) {
                    wait(20_000);
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public synchronized void pull(PullOrdersRequest request, StreamObserver<PullOrdersResponse> answer) {
            pulls.incrementAndGet();
            notifyAll();
            try {
                if (open.isEmpty()) {
                    wait(20);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            PullOrdersResponse.Builder pulled = PullOrdersResponse.newBuilder();
            open.forEach((id, order) -> {
                if (withdrawn.contains(id)) {
                    pulled.addWithdrawn(order);
                } else {
                    pulled.addOrders(order);
                }
            });
            answer.onNext(pulled.build());
            answer.onCompleted();
        }

        @Override
        public synchronized void acknowledge(AcknowledgeRequest request, StreamObserver<AcknowledgeResponse> answer) {
            if (lostReceipts.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                answer.onError(Status.UNAVAILABLE.asRuntimeException());
                return;
            }
            for (Sealed sealed : request.getReceiptsList()) {
                Opened.Valid<?> valid = assertInstanceOf(
                        Opened.Valid.class,
                        Opened.open(
                                SealKind.RECEIPT,
                                sealed,
                                ReceiptStatement.parser(),
                                id -> Optional.of(crawlerKey.verifyingKey()),
                                10_000));
                ReceiptStatement receipt = (ReceiptStatement) valid.statement();
                OrderId id = OrderId.of(receipt.getOrderId());
                receipts.put(id, receipt);
                open.remove(id);
            }
            notifyAll();
            answer.onNext(AcknowledgeResponse.getDefaultInstance());
            answer.onCompleted();
        }
    }
}
