package org.picket.crawler.match;

import io.grpc.Status;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.picket.proto.id.StorageId;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.FetchListsRequest;
import org.picket.proto.v1.ListSuppliesGrpc.ListSuppliesBlockingStub;
import org.picket.proto.v1.ListsChunk;
import org.picket.runtime.channel.Attempts;

/// The lists in force for one storage, held in memory and fetched anew where they have changed. Safe for any
/// number of threads: those that come while they are fetched wait.
public final class ListFeed {
    /// Older sets that leases may still ask for, and get the present one in place of.
    private static final int REMEMBERED = 64;

    /// How long such a lease gets the present set without asking. A set may come back in force under the name that it
    /// had, and only asking tells that from a lease that is old.
    static final Duration BELIEVED = Duration.ofSeconds(15);

    private static final long FETCH_MINUTES = 10;

    private final ListSuppliesBlockingStub supplies;
    private final StorageId storage;
    private final Attempts attempts;
    private final ReentrantLock lock = new ReentrantLock();
    private final LongSupplier nanos;
    /// When each was found to be superseded, the oldest first.
    private final Map<Digest, Long> superseded = new LinkedHashMap<>();
    private Optional<Fetched> held = Optional.empty();

    private record Fetched(Digest digest, ListSet lists) {}

    /// @param supplies with the crawler's session
    public ListFeed(ListSuppliesBlockingStub supplies, StorageId storage, Attempts attempts) {
        this(supplies, storage, attempts, System::nanoTime);
    }

    ListFeed(ListSuppliesBlockingStub supplies, StorageId storage, Attempts attempts, LongSupplier nanos) {
        this.supplies = supplies;
        this.storage = storage;
        this.attempts = attempts;
        this.nanos = nanos;
    }

    /// The lists of that name, or newer ones. A set that is in force again soon after another took its place is in use
    /// [#BELIEVED] later at most.
    ///
    /// @param digest empty: there are none
    /// @throws io.grpc.StatusRuntimeException where they cannot be fetched
    public ListSet inForce(Optional<Digest> digest) {
        if (digest.isEmpty()) {
            return ListSet.NONE;
        }
        lock.lock();
        try {
            Digest wanted = digest.get();
            boolean current = held.isPresent() && (held.get().digest().equals(wanted) || knownAsSuperseded(wanted));
            if (!current) {
                Fetched fetched = attempts.call(this::fetch);
                held.ifPresent(old -> supersede(old.digest()));
                supersede(wanted);
                superseded.remove(fetched.digest());
                held = Optional.of(fetched);
            }
            return held.get().lists();
        } finally {
            lock.unlock();
        }
    }

    private boolean knownAsSuperseded(Digest digest) {
        return Optional.ofNullable(superseded.get(digest))
                .filter(since -> nanos.getAsLong() - since < BELIEVED.toNanos())
                .isPresent();
    }

    private void supersede(Digest digest) {
        superseded.remove(digest);
        superseded.put(digest, nanos.getAsLong());
        if (superseded.size() > REMEMBERED) {
            superseded.remove(superseded.keySet().iterator().next());
        }
    }

    private Fetched fetch() {
        Iterator<ListsChunk> chunks = supplies.withDeadlineAfter(FETCH_MINUTES, TimeUnit.MINUTES)
                .fetch(FetchListsRequest.newBuilder()
                        .setStorageId(storage.value())
                        .build());
        Optional<ListSet.Builder> builder = Optional.empty();
        try {
            while (chunks.hasNext()) {
                ListsChunk chunk = chunks.next();
                switch (chunk.getChunkCase()) {
                    case LISTS -> builder = Optional.of(new ListSet.Builder(chunk.getLists()));
                    case ENTRIES ->
                        builder.orElseThrow(() -> new IllegalArgumentException("entries before their lists"))
                                .add(
                                        chunk.getEntries().getListId(),
                                        chunk.getEntries().getType(),
                                        chunk.getEntries().getValues());
                    case DIGEST -> {
                        ListSet.Builder full =
                                builder.orElseThrow(() -> new IllegalArgumentException("a digest of no lists"));
                        return new Fetched(new Digest(chunk.getDigest()), full.build());
                    }
                    case CHUNK_NOT_SET -> throw new IllegalArgumentException("an empty chunk");
                }
            }
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw Status.INTERNAL
                    .withDescription("the hash lists that came cannot be used: " + e.getMessage())
                    .asRuntimeException();
        }
        throw Status.UNAVAILABLE.withDescription("the hash lists broke off").asRuntimeException();
    }
}
