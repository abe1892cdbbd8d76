package org.picket.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.picket.coordinator.fleet.MemberRole;
import org.picket.crawler.order.OrderLoop;
import org.picket.crawler.order.SitePolicy;
import org.picket.proto.id.StorageId;
import org.picket.proto.v1.ListStoragesRequest;
import org.picket.proto.v1.RemovalsGrpc;
import org.picket.proto.v1.Storage;
import org.picket.runtime.channel.Attempts;
import org.picket.runtime.lifecycle.Lifecycle;
import org.picket.runtime.time.TimeSource;

/// Carries out what is ordered for one storage, without a scan.
final class OrderRun {
    private static final long LOOK_MILLIS = 50;
    private static final long LONGEST_QUIET_NANOS = Duration.ofSeconds(60).toNanos();

    private final Solo solo;
    private final Setting setting;

    OrderRun(Solo solo, Setting setting) {
        this.solo = solo;
        this.setting = setting;
    }

    /// @param expected orders that are open, for this and other storages
    /// @return why some are left, where some are
    Optional<String> carryOut(Storage storage, long expected) {
        // The person at this machine may do all; what the mode alone has ordered waits for a scan in that mode.
        SitePolicy policy = SitePolicy.ofPersonHere();
        try (Lifecycle parts = solo.within("orders")) {
            OpenStorage open = OpenStorage.registered(
                    storage.getIdentity(), setting, OpenStorage.Bounds.ofPersonHere(policy, setting.site()), parts);
            Membership membership = solo.enrol(parts, MemberRole.CRAWLER, "crawler", "crawler");
            OrderLoop loop = parts.start(
                    "orders",
                    OrderLoop.ENDS_WITHIN,
                    () -> OrderLoop.start(
                            new OrderLoop.Served(
                                    new StorageId(storage.getStorageId()), storage.getIdentity(), open.removals()),
                            policy,
                            new OrderLoop.Parties(membership.coordinatorKey(), membership.key()),
                            RemovalsGrpc.newBlockingStub(membership.channel()),
                            Attempts.PATIENT,
                            TimeSource.wall()),
                    OrderLoop::close);
            return await(storage.getStorageId(), expected, loop)
                    ? Optional.empty()
                    : Optional.of(loop.status().stuck().orElse("some orders are open"));
        }
    }

    /// Looks until as many orders were answered, or none is open, or none was answered for long.
    private boolean await(long storage, long expected, OrderLoop loop) {
        CountDownLatch never = new CountDownLatch(1);
        long answered = 0;
        long since = System.nanoTime();
        try {
            while (loop.status().answered() < expected && open(storage) > 0) {
                if (loop.status().answered() > answered) {
                    answered = loop.status().answered();
                    since = System.nanoTime();
                }
                if (System.nanoTime() - since > LONGEST_QUIET_NANOS
                        || never.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                    return false;
                }
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private long open(long storage) {
        return solo.sites().storages(ListStoragesRequest.getDefaultInstance()).getStoragesList().stream()
                .filter(found -> found.getStorageId() == storage)
                .mapToLong(Storage::getOrdersOpen)
                .sum();
    }
}
