package org.picket.crawler.supply;

import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.picket.proto.seal.VerifyingKey;
import org.picket.proto.v1.AttendRequest;
import org.picket.proto.v1.OpenViewsRequest;
import org.picket.proto.v1.RelayGrpc;
import org.picket.proto.v1.Wanted;
import org.picket.runtime.channel.FrameOutlet;
import org.picket.runtime.relay.Introduction;
import org.picket.runtime.time.BackOff;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A crawler that nobody need reach: it keeps a call to the coordinator's relay open, hears on it which leases
/// want their views, and sends each over a stream of its own. Where the call ends, it is made again.
public final class Attendance implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Attendance.class);
    private static final BackOff BACK_OFF = new BackOff(Duration.ofMillis(200), Duration.ofSeconds(15));

    private final Channel relay;
    private final AttendRequest attended;
    private final Introduction introduction;
    private final VerifyingKey coordinator;
    private final ViewSupply supply;
    private final CountDownLatch ending = new CountDownLatch(1);
    private final Context.CancellableContext calls = Context.ROOT.withCancellation();
    private final AtomicReference<Optional<String>> trouble = new AtomicReference<>(Optional.empty());
    private final Thread thread;

    private Attendance(
            Channel relay,
            AttendRequest attended,
            Introduction introduction,
            VerifyingKey coordinator,
            ViewSupply supply) {
        this.relay = relay;
        this.attended = attended;
        this.introduction = introduction;
        this.coordinator = coordinator;
        this.supply = supply;
        this.thread = Thread.ofVirtual().name("attendance").start(() -> calls.run(this::attend));
    }

    /// Supplies the views of leases.
    @FunctionalInterface
    public interface ViewSupply {
        /// Why nothing is supplied for a ticket; empty: something is. Asked before its agent is met. Never blocks.
        default Optional<Status> refusal(OpenViewsRequest request) {
            return Optional.empty();
        }

        /// A ticket's views were refused before [#supply].
        ///
        /// @param why in words that hold nothing of the caller's making
        default void refused(String why) {
            // Whoever counts them says so.
        }

        /// Begins to, and returns at once.
        ///
        /// @param outlet of an agent that is known to be the ticket's; ended by this
        void supply(OpenViewsRequest request, FrameOutlet outlet);
    }

    /// Begins to attend.
    ///
    /// @param relay with this crawler's certificate, for nothing else
    /// @param attended which storage
    /// @param coordinator whose tickets count
    public static Attendance start(
            Channel relay,
            AttendRequest attended,
            Introduction introduction,
            VerifyingKey coordinator,
            ViewSupply supply) {
        return new Attendance(relay, attended, introduction, coordinator, supply);
    }

    private void attend() {
        int failures = 0;
        try {
            do {
                failures = once() ? 0 : failures + 1;
            } while (!ending.await(BACK_OFF.jittered(failures).toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// @return whether the relay had taken note of this crawler
    private boolean once() {
        boolean noted = false;
        try {
            Iterator<Wanted> wanted = RelayGrpc.newBlockingStub(relay).attend(attended);
            while (wanted.hasNext()) {
                Wanted next = wanted.next();
                if (!noted) {
                    noted = true;
                    trouble.set(Optional.empty());
                }
                if (next.hasTicket()) {
                    RelayedSupply.begin(relay, introduction, coordinator, next.getTicket(), supply);
                }
            }
        } catch (StatusRuntimeException e) {
            failed(e.getStatus());
            return noted && e.getStatus().getCode() != Status.Code.ABORTED;
        }
        return noted;
    }

    private void failed(Status status) {
        if (ending.getCount() == 0) {
            return;
        }
        String why = "storage " + attended.getStorageId() + ": the coordinator's relay is not there for its views: "
                + status.getCode() + " "
                + Optional.ofNullable(status.getDescription()).orElse("");
        if (!trouble.getAndSet(Optional.of(why)).equals(Optional.of(why))) {
            LOG.warn("{}", why);
        }
    }

    /// Why the relay did not take note of this crawler when last that was tried; empty: it did.
    public Optional<String> trouble() {
        return trouble.get();
    }

    @Override
    public void close() {
        ending.countDown();
        calls.cancel(null);
        thread.interrupt();
    }
}
