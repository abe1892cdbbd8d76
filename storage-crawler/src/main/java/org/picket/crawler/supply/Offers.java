package org.picket.crawler.supply;

import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.picket.proto.id.StorageId;
import org.picket.proto.v1.OfferRequest;
import org.picket.proto.v1.SuppliesGrpc.SuppliesBlockingStub;
import org.picket.runtime.channel.Address;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the coordinator where agents reach the views of a storage, again and again, so that one that was
/// started anew knows it too.
public final class Offers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Offers.class);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(2);
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final SuppliesBlockingStub supplies;
    private final OfferRequest request;
    private final CountDownLatch ending = new CountDownLatch(1);
    private final AtomicReference<Optional<String>> trouble = new AtomicReference<>(Optional.empty());
    private final Thread thread;

    private Offers(SuppliesBlockingStub supplies, OfferRequest request) {
        this.supplies = supplies;
        this.request = request;
        this.thread = Thread.ofVirtual().name("offers").start(this::run);
    }

    /// Begins to tell it.
    ///
    /// @param supplies with this crawler's certificate
    /// @param address of the service Views, as agents reach it
    /// @param identity of the storage, as it is registered
    public static Offers start(SuppliesBlockingStub supplies, StorageId storage, String identity, Address address) {
        return new Offers(
                supplies,
                OfferRequest.newBuilder()
                        .setStorageId(storage.value())
                        .setIdentity(identity)
                        .setAddress(address.toString())
                        .build());
    }

    private void run() {
        try {
            while (!ending.await(offer().toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debug("storage {}: its address is told again", request.getStorageId());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// @return how long until it is told again
    private Duration offer() {
        Duration within;
        try {
            within = Duration.ofMillis(supplies.offer(request).getAgainWithin().getMilliseconds());
            trouble.set(Optional.empty());
        } catch (StatusRuntimeException e) {
            within = AFTER_FAILURE;
            String why = "storage " + request.getStorageId() + ": the coordinator does not take its address: "
                    + e.getStatus().getCode() + " "
                    + Optional.ofNullable(e.getStatus().getDescription()).orElse("");
            if (!trouble.getAndSet(Optional.of(why)).equals(Optional.of(why))) {
                LOG.warn("{}", why);
            }
        }
        long millis = Math.clamp(within.toMillis(), SHORTEST.toMillis(), LONGEST.toMillis());
        return Duration.ofMillis(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2));
    }

    /// Why it could not be told when last that was tried; empty: it could.
    public Optional<String> trouble() {
        return trouble.get();
    }

    @Override
    public void close() {
        ending.countDown();
        thread.interrupt();
    }
}
