package org.picket.coordinator.relay;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.picket.coordinator.fleet.Member;
import org.picket.proto.limit.Limits;
import org.picket.proto.v1.RelayHello;
import org.picket.proto.v1.RelayPart;
import org.picket.runtime.channel.RelayPiece;

/// One lease's stream: the agent's end, and the crawler's once it has come.
///
/// The crawler sends within its credit, of which it gets more as far as the agent takes what there is. So no
/// more waits here than the credit, and a slow agent slows its crawler down and nobody else.
///
/// Guarded by its own lock, under which calls are told something and nobody else is called.
final class Meeting {
    /// Bytes waiting towards the agent below which it counts as ready.
    private static final int READY_BYTES = 256 * 1_024;

    /// Credit is given back in pieces: a word costs as much as a small frame.
    private static final int CREDIT_PIECE = Limits.RELAY_CREDIT_BYTES / 4;

    private final Admission.Answer.Admitted lease;
    private final Member agent;
    private final RelayHello hello;
    private final Instant until;
    private final ServerCall<RelayPiece, RelayPiece> toAgent;
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<ServerCall<RelayPiece, RelayPiece>> toCrawler = Optional.empty();
    private long credit;
    private long taken;
    private boolean over;

    /// @param until the crawler is waited for
    Meeting(
            Admission.Answer.Admitted lease,
            Member agent,
            RelayHello hello,
            Instant until,
            ServerCall<RelayPiece, RelayPiece> toAgent) {
        this.lease = lease;
        this.agent = agent;
        this.hello = hello;
        this.until = until;
        this.toAgent = toAgent;
        toAgent.setOnReadyThreshold(READY_BYTES);
    }

    Admission.Answer.Admitted lease() {
        return lease;
    }

    Member agent() {
        return agent;
    }

    /// The crawler's end has come.
    ///
    /// @return whether it was waited for
    boolean meet(ServerCall<RelayPiece, RelayPiece> crawler) {
        lock.lock();
        try {
            if (over || toCrawler.isPresent()) {
                return false;
            }
            toCrawler = Optional.of(crawler);
            credit = Limits.RELAY_CREDIT_BYTES;
            say(crawler, RelayPart.newBuilder().setHello(hello));
            say(crawler, RelayPart.newBuilder().setCreditBytes(Limits.RELAY_CREDIT_BYTES));
            return true;
        } finally {
            lock.unlock();
        }
    }

    private static void say(ServerCall<RelayPiece, RelayPiece> to, RelayPart.Builder part) {
        to.sendMessage(new RelayPiece.Word(part.build()));
    }

    /// Passes a word of the crawler's on.
    void pass(RelayPart word) {
        lock.lock();
        try {
            if (!over) {
                toAgent.sendMessage(new RelayPiece.Word(word));
            }
        } finally {
            lock.unlock();
        }
    }

    /// Passes a frame on.
    ///
    /// @return whether the crawler had credit for it
    boolean pass(RelayPiece.Frame frame) {
        lock.lock();
        try {
            if (over) {
                frame.release();
                return true;
            }
            if (credit <= 0) {
                frame.release();
                return false;
            }
            credit -= frame.length();
            taken += frame.length();
            toAgent.sendMessage(frame);
            giveCredit();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// The agent takes more.
    void ready() {
        lock.lock();
        try {
            giveCredit();
        } finally {
            lock.unlock();
        }
    }

    private void giveCredit() {
        if (!over && taken >= CREDIT_PIECE && toAgent.isReady()) {
            int piece = (int) taken;
            taken = 0;
            credit += piece;
            toCrawler.ifPresent(crawler -> say(crawler, RelayPart.newBuilder().setCreditBytes(piece)));
        }
    }

    /// Whether nobody came in time, or there is nothing to come for.
    Optional<Status> pointless(Instant now) {
        if (lease.over().getAsBoolean()) {
            return Optional.of(Status.FAILED_PRECONDITION.withDescription("the lease is no longer current"));
        }
        lock.lock();
        try {
            return toCrawler.isEmpty() && !until.isAfter(now)
                    ? Optional.of(Status.UNAVAILABLE.withDescription("the crawler did not come to the relay in time"))
                    : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /// Ends both ends; again is nothing.
    ///
    /// @param told to the agent; the crawler is told that it is not wanted any more, or that all went well
    void end(Status told) {
        lock.lock();
        try {
            if (over) {
                return;
            }
            over = true;
            close(toAgent, told);
            toCrawler.ifPresent(crawler -> close(
                    crawler,
                    told.isOk()
                            ? told
                            : Status.CANCELLED.withDescription("the agent's end is over: " + told.getCode())));
        } finally {
            lock.unlock();
        }
    }

    private static void close(ServerCall<RelayPiece, RelayPiece> call, Status status) {
        if (!call.isCancelled()) {
            call.close(status, new Metadata());
        }
    }
}
