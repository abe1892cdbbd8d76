package org.picket.cli;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.picket.coordinator.fleet.MemberRole;
import org.picket.crawler.Crawler;
import org.picket.crawler.image.DecoderPool;
import org.picket.crawler.listing.Listed;
import org.picket.crawler.order.SitePolicy;
import org.picket.crawler.source.SourceException;
import org.picket.crawler.supply.Commons;
import org.picket.crawler.supply.PoolDecoder;
import org.picket.crawler.supply.SiteLimits;
import org.picket.crawler.supply.SupplySettings;
import org.picket.proto.id.StorageId;
import org.picket.proto.v1.RegisterStorageResponse;
import org.picket.proto.v1.ScanProgress;
import org.picket.proto.v1.WatchScanRequest;
import org.picket.runtime.lifecycle.Lifecycle;
import org.picket.runtime.telemetry.Meters;
import org.picket.runtime.terminal.Amounts;
import org.picket.runtime.time.TimeSource;

/// One scan of one storage: registers it, lists it, lets agents scan it, carries out what is ordered, and
/// watches.
final class ScanRun {
    private static final Duration LISTING_START = Duration.ofMinutes(10);
    private static final long LOOK_MILLIS = 200;

    private final Solo solo;
    private final Setting setting;
    private final ScanMode mode;
    private final DecoderPool decoders;
    private final Means means;
    private final long started = System.nanoTime();

    /// What a run works with, and outlives it.
    record Tools(Means means, DecoderPool decoders) {}

    ScanRun(Solo solo, Setting setting, ScanMode mode, Tools tools) {
        this.solo = solo;
        this.setting = setting;
        this.mode = mode;
        this.decoders = tools.decoders();
        this.means = tools.means();
    }

    ScanOutcome scan(String source, Predicate<ScanProgress> goOn) {
        try (Lifecycle parts = solo.within("scan")) {
            OpenStorage storage = OpenStorage.named(
                    source,
                    setting,
                    OpenStorage.Bounds.ofPersonHere(SitePolicy.of(mode.wire()), setting.site()),
                    parts);
            String identity = storage.source().storageId();
            RegisterStorageResponse registered = solo.sites()
                    .register(Declared.of(means).registration(identity, mode).build());
            ScanProgress last = run(parts, storage, registered, goOn);
            return new ScanOutcome(
                    identity,
                    mode,
                    HexFormat.of().formatHex(registered.getPolicyEpoch().toByteArray()),
                    means.named(),
                    last,
                    Duration.ofNanos(System.nanoTime() - started),
                    solo.checkpoint());
        } catch (SourceException e) {
            throw new UsageFault(e.getMessage(), e);
        }
    }

    private ScanProgress run(
            Lifecycle storageParts,
            OpenStorage storage,
            RegisterStorageResponse registered,
            Predicate<ScanProgress> goOn) {
        AtomicBoolean stopped = new AtomicBoolean();
        CompletableFuture<Listed> begun = new CompletableFuture<>();
        try (Lifecycle parts = storageParts.within("crawler and agents")) {
            Meters meters = solo.meters(parts);
            Crawler crawler = crawler(parts, storage, new StorageId(registered.getStorageId()));
            crawler.meters(meters);
            storage.meters().accept(meters);
            Crew crew = Crew.start(parts, meters, solo, setting, crawler, means.all());
            parts.ready();
            if (setting.provider().isPresent()) {
                crew.downgrades().forEach(line -> System.err.println("picket: " + line));
            }
            CompletableFuture<Listed> listing = list(crawler, begun, stopped);
            try {
                Predicate<ScanProgress> whileListed = progress -> goOn.test(progress) && !failed(listing);
                return await(begun, goOn)
                        .map(listed -> removing(registered.getStorageId(), listed, whileListed))
                        .orElseGet(ScanProgress::getDefaultInstance);
            } finally {
                stopped.set(true);
                listing.join();
            }
        } catch (CompletionException e) {
            throw unwrapped(e);
        }
    }

    private Crawler crawler(Lifecycle parts, OpenStorage storage, StorageId id) {
        Membership membership = solo.enrol(parts, MemberRole.CRAWLER, "crawler", "crawler");
        SiteLimits limits = setting.site().limits().withinProcess();
        return parts.start(
                "crawler",
                Crawler.ENDS_WITHIN,
                () -> Crawler.start(
                        new Crawler.Store(id, storage.source(), storage.removals(), storage.policy()),
                        new Crawler.Membership(membership.channel(), membership.key(), membership.coordinatorKey()),
                        Commons.of(new PoolDecoder(decoders), limits),
                        SupplySettings.of(setting.decoders()).with(limits),
                        TimeSource.wall()),
                Crawler::close);
    }

    /// Watches the scan, then removes what an earlier scan only observed, where the mode says so.
    private ScanProgress removing(long storage, Listed listed, Predicate<ScanProgress> goOn) {
        ScanProgress scanned = watch(listed, goOn);
        if (mode == ScanMode.OBSERVE || !scanned.getComplete()) {
            return scanned;
        }
        EarlierFindings earlier = new EarlierFindings(solo.findings(), storage);
        EarlierFindings.Enforced enforced = earlier.enforce();
        if (enforced.ordered() + enforced.held() == 0) {
            return scanned;
        }
        if (enforced.ordered() > 0) {
            System.err.println(
                    "picket: " + Amounts.count(enforced.ordered()) + " found earlier, and not removed until now");
        }
        if (enforced.held() > 0) {
            System.err.println(
                    "picket: " + Amounts.count(enforced.held()) + " found earlier, and held back for a person now");
        }
        return earlier.added(scanned, watch(listed, goOn));
    }

    private static boolean failed(CompletableFuture<Listed> listing) {
        return listing.isCompletedExceptionally();
    }

    /// Lists on a thread of its own; `begun` completes as soon as the listing has its number.
    private CompletableFuture<Listed> list(Crawler crawler, CompletableFuture<Listed> begun, AtomicBoolean stopped) {
        CompletableFuture<Listed> listing = new CompletableFuture<>();
        Thread.ofPlatform().name("listing").start(() -> {
            try {
                Listed listed = crawler.list(setting.since(), begun::complete, stopped::get);
                begun.complete(listed);
                listing.complete(listed);
            } catch (RuntimeException | Error e) {
                begun.completeExceptionally(e);
                listing.completeExceptionally(e);
            }
        });
        return listing;
    }

    /// The listing as soon as it has a number; empty where the person does not want to wait for it any more.
    private static Optional<Listed> await(CompletableFuture<Listed> begun, Predicate<ScanProgress> goOn) {
        long deadline = System.nanoTime() + LISTING_START.toNanos();
        while (true) {
            try {
                return Optional.of(begun.get(LOOK_MILLIS, TimeUnit.MILLISECONDS));
            } catch (TimeoutException e) {
                if (!goOn.test(ScanProgress.getDefaultInstance())) {
                    return Optional.empty();
                }
                if (System.nanoTime() > deadline) {
                    throw new UsageFault(
                            "the storage gave no first page within " + LISTING_START.toMinutes() + " min", e);
                }
            } catch (ExecutionException e) {
                throw new CompletionException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }
    }

    private static RuntimeException unwrapped(CompletionException e) {
        return e.getCause() instanceof RuntimeException cause ? cause : e;
    }

    private ScanProgress watch(Listed listed, Predicate<ScanProgress> goOn) {
        Context.CancellableContext context = Context.current().withCancellation();
        ScanProgress last = ScanProgress.getDefaultInstance();
        try {
            Context previous = context.attach();
            try {
                Iterator<ScanProgress> progress = solo.sites()
                        .watch(WatchScanRequest.newBuilder()
                                .setListingId(listed.listing().value())
                                .build());
                while (progress.hasNext()) {
                    last = progress.next();
                    if (!goOn.test(last)) {
                        return last;
                    }
                }
                return last;
            } finally {
                context.detach(previous);
            }
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.CANCELLED) {
                return last;
            }
            throw e;
        } finally {
            context.cancel(null);
        }
    }
}
