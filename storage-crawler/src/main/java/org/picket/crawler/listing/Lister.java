package org.picket.crawler.listing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.picket.crawler.source.Gaps;
import org.picket.crawler.source.ListPage;
import org.picket.crawler.source.ObjectReference;
import org.picket.crawler.source.Scope;
import org.picket.crawler.source.Source;
import org.picket.proto.id.ListingId;
import org.picket.proto.id.StorageId;
import org.picket.proto.limit.Limits;
import org.picket.proto.v1.BeginListingRequest;
import org.picket.proto.v1.BeginListingResponse;
import org.picket.proto.v1.FinishListingRequest;
import org.picket.proto.v1.ListingsGrpc.ListingsBlockingStub;
import org.picket.proto.v1.ObjectRange;
import org.picket.proto.v1.PushRangesRequest;
import org.picket.proto.v1.Span;
import org.picket.runtime.channel.Attempts;
import org.picket.runtime.time.TimeSource;

/// Lists a storage, from where an earlier attempt was cut short, and pushes what it finds.
public final class Lister {
    private static final int UNLISTABLE_NAMED = 1_000;
    /// While no more objects than these are listed, ranges are pushed a few at a time, so that the first lease
    /// need not wait for 64,000 objects to be listed.
    private static final long EARLY_OBJECTS = 4_096;

    private static final int EARLY_RANGES = 8;

    private final Source source;
    private final ListingsBlockingStub listings;
    private final TimeSource time;
    private final Attempts attempts;

    public Lister(Source source, ListingsBlockingStub listings, TimeSource time, Attempts attempts) {
        this.source = source;
        this.listings = listings;
        this.time = time;
        this.attempts = attempts;
    }

    /// Lists to the end, or until it is told to stop; then the next call goes on.
    ///
    /// @param since only objects modified within this span before the listing began; empty: all
    /// @param progress told after each push
    /// @param stopped asked before each page
    /// @throws io.grpc.StatusRuntimeException where the coordinator refuses, or cannot be reached for long
    /// @throws org.picket.crawler.source.SourceException where the storage cannot be listed
    public Listed list(
            StorageId storage, Optional<Duration> since, Consumer<Listed> progress, BooleanSupplier stopped) {
        BeginListingRequest.Builder begin =
                BeginListingRequest.newBuilder().setStorageId(storage.value()).setIdentity(source.storageId());
        since.ifPresent(span -> begin.setSince(Span.newBuilder().setMilliseconds(span.toMillis())));
        BeginListingResponse begun = attempts.call(() -> listings.begin(begin.build()));
        Run run = new Run(new ListingId(begun.getListingId()), begun, progress);
        if (begun.getFinished()) {
            return run.listed(0, true);
        }
        // One that nothing was told of is begun anew: the storage may not have let itself be looked at.
        if (!begun.getResumed() || begun.getAfterKey().isEmpty()) {
            source.refresh();
        }
        Duration age = Duration.ofMillis(begun.getAge().getMilliseconds());
        Instant began = time.now().minus(age);
        Scope scope = since.map(span -> Scope.since(began.minus(span))).orElse(Scope.ALL);
        Optional<String> after = Optional.of(begun.getAfterKey()).filter(key -> !key.isEmpty());
        do {
            if (stopped.getAsBoolean()) {
                return run.listed(0, false);
            }
            ListPage page = source.list(scope, after, Source.MAX_PAGE);
            page.objects().forEach(run::add);
            after = page.next();
        } while (after.isPresent());
        return run.finish();
    }

    /// One listing under way.
    private final class Run {
        private final ListingId id;
        private final boolean resumed;
        private final Consumer<Listed> progress;
        private final RangeCut cut = new RangeCut();
        private final List<ObjectRange> ranges = new ArrayList<>(Limits.PUSH_RANGES);
        /// The last key that the coordinator has, as it said.
        private String acknowledged;

        private long objects;
        private long bytes;
        private long known;

        Run(ListingId id, BeginListingResponse begun, Consumer<Listed> progress) {
            this.id = id;
            this.resumed = begun.getResumed();
            this.acknowledged = begun.getAfterKey();
            this.progress = progress;
        }

        void add(ObjectReference object) {
            objects++;
            bytes += object.sizeBytes();
            cut.add(object).ifPresent(this::add);
        }

        private void add(KeySpan span) {
            ranges.add(ObjectRange.newBuilder()
                    .setFirstKey(span.firstKey())
                    .setLastKey(span.lastKey())
                    .setObjects(span.objects())
                    .setBytes(span.bytes())
                    .setDigest(span.digest())
                    .build());
            if (ranges.size() >= (objects > EARLY_OBJECTS ? Limits.PUSH_RANGES : EARLY_RANGES)) {
                push();
            }
        }

        private void push() {
            if (ranges.isEmpty()) {
                return;
            }
            PushRangesRequest request = PushRangesRequest.newBuilder()
                    .setListingId(id.value())
                    .setIdentity(source.storageId())
                    .setAfterKey(acknowledged)
                    .addAllRanges(ranges)
                    .build();
            known += attempts.call(() -> listings.push(request)).getKnownObjects();
            acknowledged = ranges.getLast().getLastKey();
            ranges.clear();
            progress.accept(listed(0, false));
        }

        Listed finish() {
            cut.finish().ifPresent(this::add);
            push();
            Gaps gaps = source.gaps();
            FinishListingRequest request = FinishListingRequest.newBuilder()
                    .setListingId(id.value())
                    .setIdentity(source.storageId())
                    .setAfterKey(acknowledged)
                    .addAllUnlistable(gaps.first().stream()
                            .limit(UNLISTABLE_NAMED)
                            .map(gap -> gap.where() + " (" + gap.kind() + ")")
                            .toList())
                    .setUnlistableTotal(gaps.unseen())
                    .build();
            attempts.call(() -> listings.finish(request));
            Listed listed = listed(gaps.unseen(), true);
            progress.accept(listed);
            return listed;
        }

        Listed listed(long unlistable, boolean finished) {
            return new Listed(id, resumed, objects, bytes, known, unlistable, finished);
        }
    }
}
