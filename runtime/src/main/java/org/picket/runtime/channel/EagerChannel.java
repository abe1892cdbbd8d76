package org.picket.runtime.channel;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// A channel that tries to connect again when a call begins, and now and then when it is looked at. Left to itself
/// gRPC waits longer after each failure, up to two minutes, and calls fail meanwhile though the server is back; how
/// long to wait between two calls is what callers have their own rules for ([Attempts]), and who calls another server
/// meanwhile looks at this one ([Connection]).
final class EagerChannel extends ManagedChannel {
    /// A call that begins sooner after the last attempt fares as that one did.
    static final Duration FOR_A_CALL = Duration.ofMillis(250);

    /// Between once and twice this span lies between two attempts of a channel that nobody calls.
    static final Duration FOR_A_LOOK = Duration.ofSeconds(5);

    private final ManagedChannel channel;
    private final LongSupplier nanos;
    /// When the last attempt was asked for.
    private final AtomicLong last;
    /// How much longer than the span it takes until the next attempt for a look: drawn once for each.
    private volatile long apart = ThreadLocalRandom.current().nextLong(FOR_A_LOOK.toNanos());

    EagerChannel(ManagedChannel channel, LongSupplier nanos) {
        this.channel = channel;
        this.nanos = nanos;
        this.last = new AtomicLong(nanos.getAsLong() - FOR_A_CALL.toNanos());
    }

    @Override
    public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
        if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
            tryAgain(FOR_A_CALL.toNanos());
        }
        return channel.newCall(method, options);
    }

    @Override
    public ConnectivityState getState(boolean requestConnection) {
        ConnectivityState state = channel.getState(requestConnection);
        if (requestConnection && state == ConnectivityState.TRANSIENT_FAILURE) {
            tryAgain(FOR_A_LOOK.toNanos() + apart);
        }
        return state;
    }

    private void tryAgain(long least) {
        long now = nanos.getAsLong();
        long before = last.get();
        if (now - before >= least && last.compareAndSet(before, now)) {
            apart = ThreadLocalRandom.current().nextLong(FOR_A_LOOK.toNanos());
            channel.resetConnectBackoff();
        }
    }

    @Override
    public void notifyWhenStateChanged(ConnectivityState source, Runnable callback) {
        channel.notifyWhenStateChanged(source, callback);
    }

    @Override
    public void resetConnectBackoff() {
        channel.resetConnectBackoff();
    }

    @Override
    public void enterIdle() {
        channel.enterIdle();
    }

    @Override
    public String authority() {
        return channel.authority();
    }

    @Override
    public ManagedChannel shutdown() {
        channel.shutdown();
        return this;
    }

    @Override
    public ManagedChannel shutdownNow() {
        channel.shutdownNow();
        return this;
    }

    @Override
    public boolean isShutdown() {
        return channel.isShutdown();
    }

    @Override
    public boolean isTerminated() {
        return channel.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return channel.awaitTermination(timeout, unit);
    }
}
