package org.picket.crawler.order;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.picket.crawler.removal.Outcome;
import org.picket.crawler.removal.RemovalOrder;
import org.picket.crawler.removal.Removals;
import org.picket.proto.id.OrderId;
import org.picket.proto.id.StorageId;
import org.picket.proto.seal.Digest;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.seal.VerifyingKey;
import org.picket.proto.v1.AcknowledgeRequest;
import org.picket.proto.v1.PullOrdersRequest;
import org.picket.proto.v1.PullOrdersResponse;
import org.picket.proto.v1.RemovalsGrpc.RemovalsBlockingStub;
import org.picket.proto.v1.Sealed;
import org.picket.proto.v1.Span;
import org.picket.runtime.channel.Attempts;
import org.picket.runtime.channel.BoundedThreads;
import org.picket.runtime.time.BackOff;
import org.picket.runtime.time.TimeSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Pulls orders, carries out a batch side by side, and acknowledges it, again and again.
///
/// At least once: a crash between effect and receipt brings the order again; the record of the removal then
/// knows that it was done, and the same receipt is sealed anew. An order that fails for the moment gets no
/// receipt and so comes again.
public final class OrderLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OrderLoop.class);
    private static final int BATCH = 64;
    private static final int AT_ONCE = 4;
    private static final Duration WAIT = Duration.ofSeconds(10);
    private static final Duration ANSWER_SLACK = Duration.ofSeconds(15);
    /// The longest that [#close] takes: the batch under way is finished.
    public static final Duration ENDS_WITHIN = WAIT.plus(ANSWER_SLACK).plusSeconds(5);

    private static final BackOff BACK_OFF = new BackOff(Duration.ofMillis(400), Duration.ofSeconds(15));

    /// What this loop works on.
    ///
    /// @param id as it is registered
    /// @param identity as it is registered: orders are for no other one, whatever its number is by now
    /// @param removals carries them out
    public record Served(StorageId id, String identity, Removals removals) {}

    /// Whom this loop works for and as.
    ///
    /// @param coordinator whose orders are taken
    /// @param key seals receipts
    public record Parties(VerifyingKey coordinator, SigningKey key) {}

    private final Served storage;
    private final RemovalsBlockingStub orders;
    private final Attempts attempts;
    private final TimeSource time;
    private final OrderCheck check;
    private final Receipts receipts;
    private final ExecutorService threads = BoundedThreads.platform("removal", AT_ONCE);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Context.CancellableContext pulling = Context.ROOT.withCancellation();
    private final Thread thread;
    private volatile OrderStatus status = new OrderStatus(0, 0, 0, Optional.empty());
    private volatile boolean forgotten;

    private OrderLoop(
            Served storage,
            SitePolicy policy,
            Parties parties,
            RemovalsBlockingStub orders,
            Attempts attempts,
            TimeSource time) {
        this.storage = storage;
        this.orders = orders;
        this.attempts = attempts;
        this.time = time;
        this.check = new OrderCheck(parties.coordinator(), storage.id(), policy);
        this.receipts = new Receipts(parties.key());
        this.thread = Thread.ofVirtual().name("orders").unstarted(this::loop);
    }

    /// Begins to take orders.
    public static OrderLoop start(
            Served storage,
            SitePolicy policy,
            Parties parties,
            RemovalsBlockingStub orders,
            Attempts attempts,
            TimeSource time) {
        OrderLoop loop = new OrderLoop(storage, policy, parties, orders, attempts, time);
        loop.thread.start();
        return loop;
    }

    public OrderStatus status() {
        return status;
    }

    /// Whether the coordinator, when it was asked last, knew no such storage.
    public boolean forgotten() {
        return forgotten;
    }

    private void loop() {
        int fruitless = 0;
        while (closing.getCount() > 0) {
            boolean fruitful = false;
            try {
                PullOrdersResponse pulled = pull();
                forgotten = false;
                fruitful = round(pulled);
            } catch (StatusRuntimeException e) {
                forgotten = e.getStatus().getCode() == Status.Code.NOT_FOUND;
                status = stuck(
                        (forgotten ? "the coordinator knows no such storage: " : "the coordinator does not answer: ")
                                + e.getStatus().getCode());
            } catch (RuntimeException | Error e) {
                // Whatever it is: a loop that ends would leave all orders open and tell nobody.
                String what = e.getClass().getSimpleName();
                LOG.error("A round of orders failed ({}); the next one is tried.", what);
                status = stuck("a round of orders failed: " + what);
            }
            fruitless = fruitful ? 0 : fruitless + 1;
            if (fruitless > 0 && pause(fruitless)) {
                return;
            }
        }
    }

    /// Ends at once when this is closed. An interruption would do that too, but within one process it would meet
    /// the coordinator in the midst of its database.
    private PullOrdersResponse pull() {
        Context before = pulling.attach();
        try {
            return ask();
        } finally {
            pulling.detach(before);
        }
    }

    private PullOrdersResponse ask() {
        return orders.withDeadlineAfter(WAIT.plus(ANSWER_SLACK))
                .pull(PullOrdersRequest.newBuilder()
                        .setStorageId(storage.id().value())
                        .setIdentity(storage.identity())
                        .setLimit(BATCH)
                        .setWait(Span.newBuilder().setMilliseconds(WAIT.toMillis()))
                        .build());
    }

    /// @return whether to ask again at once
    private boolean round(PullOrdersResponse pulled) {
        if (pulled.getOrdersCount() + pulled.getWithdrawnCount() == 0) {
            status = new OrderStatus(status.answered(), status.refused(), 0, Optional.empty());
            return true;
        }
        List<CompletableFuture<Done>> works = new ArrayList<>();
        for (Sealed sealed : pulled.getWithdrawnList()) {
            works.add(begun(() -> answer(check.withdrawn(sealed))));
        }
        for (Sealed sealed : pulled.getOrdersList()) {
            works.add(begun(() -> answer(check.check(sealed))));
        }
        List<Done> done = works.stream().map(CompletableFuture::join).toList();
        List<Sealed> answers =
                done.stream().flatMap(each -> each.receipt().stream()).toList();
        if (!answers.isEmpty()) {
            AcknowledgeRequest request =
                    AcknowledgeRequest.newBuilder().addAllReceipts(answers).build();
            attempts.call(() -> orders.acknowledge(request));
        }
        int open = done.size() - answers.size();
        status = new OrderStatus(
                status.answered() + answers.size(),
                status.refused() + done.stream().filter(Done::refused).count(),
                open,
                done.stream().flatMap(each -> each.stuck().stream()).findFirst());
        return !answers.isEmpty();
    }

    /// What came of one order.
    private record Done(Optional<Sealed> receipt, boolean refused, Optional<String> stuck) {}

    private static Done failed(Throwable failure) {
        // Its message might name the object.
        String what = Optional.ofNullable(failure.getCause())
                .orElse(failure)
                .getClass()
                .getSimpleName();
        LOG.error("An order is not carried out yet: {}", what);
        return new Done(Optional.empty(), false, Optional.of(what));
    }

    private CompletableFuture<Done> begun(Supplier<Done> work) {
        return CompletableFuture.supplyAsync(work, threads).exceptionally(OrderLoop::failed);
    }

    private Done answer(OrderCheck.Checked checked) {
        return switch (checked) {
            case OrderCheck.Checked.Void nothing -> {
                LOG.warn("An order is ignored: {}.", nothing.why());
                yield new Done(Optional.empty(), false, Optional.of("an order is ignored: " + nothing.why()));
            }
            case OrderCheck.Checked.Refused(OrderId order, Digest digest, String why) -> refused(order, digest, why);
            case OrderCheck.Checked.Forbidden(RemovalOrder order, Digest digest, String why) ->
                tried(() -> storage.removals().withdraw(order)
                                ? Optional.empty()
                                : Optional.of(storage.removals().carryOut(order, time.now())))
                        .map(outcome -> done(order, digest, outcome))
                        .orElseGet(() -> refused(order.orderId(), digest, why));
            case OrderCheck.Checked.Allowed(RemovalOrder order, Digest digest) ->
                tried(() -> Optional.of(storage.removals().carryOut(order, time.now())))
                        .map(outcome -> done(order, digest, outcome))
                        .orElseThrow();
        };
    }

    private static Optional<Outcome> tried(Supplier<Optional<Outcome>> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            // Its message might name the object.
            return Optional.of(new Outcome.Failed(e.getClass().getSimpleName(), true));
        }
    }

    private Done refused(OrderId order, Digest digest, String why) {
        LOG.info("Order {} is refused: {}.", order, why);
        return new Done(Optional.of(receipts.refused(order, digest, why)), true, Optional.empty());
    }

    private Done done(RemovalOrder order, Digest digest, Outcome outcome) {
        Optional<Sealed> receipt = receipts.of(order.orderId(), digest, outcome);
        boolean refused = outcome instanceof Outcome.Refused;
        Optional<String> stuck = outcome instanceof Outcome.Failed failed && failed.retryable()
                ? Optional.of(failed.reason())
                : Optional.empty();
        stuck.ifPresent(why -> LOG.warn("Order {} is not carried out yet: {}", order.orderId(), why));
        return new Done(receipt, refused, stuck);
    }

    private OrderStatus stuck(String why) {
        return new OrderStatus(status.answered(), status.refused(), status.open(), Optional.of(why));
    }

    /// @return whether the loop is to end
    private boolean pause(int fruitless) {
        try {
            return closing.await(BACK_OFF.whole(fruitless).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /// Ends after the batch under way: orders that were begun are finished.
    @Override
    public void close() {
        closing.countDown();
        pulling.cancel(null);
        try {
            if (!thread.join(WAIT.plus(ANSWER_SLACK))) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.shutdown();
    }
}
