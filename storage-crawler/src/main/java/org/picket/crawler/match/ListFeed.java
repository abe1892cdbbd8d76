package org.picket.crawler.match;

import io.grpc.Status;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.picket.proto.id.StorageId;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.FetchListsRequest;
import org.picket.proto.v1.ListSuppliesGrpc.ListSuppliesBlockingStub;
import org.picket.proto.v1.ListsChunk;
import org.picket.runtime.channel.Attempts;

/// The lists in force for one storage, held in memory and fetched anew where they have changed. Safe for any
/// number of threads: those that come while they are fetched wait.
public final class ListFeed {
    private static final long FETCH_MINUTES = 10;

    private final ListSuppliesBlockingStub supplies;
    private final StorageId storage;
    private final HeldLists all;
    private final Attempts attempts;
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<HeldLists.Named> held = Optional.empty();

    /// @param all of the process
    /// @param supplies with the crawler's session
    public ListFeed(HeldLists all, ListSuppliesBlockingStub supplies, StorageId storage, Attempts attempts) {
        this.all = all;
        this.supplies = supplies;
        this.storage = storage;
        this.attempts = attempts;
    }

    /// The lists of that name, or newer ones.
    ///
    /// @param name empty: there are none
    /// @throws io.grpc.StatusRuntimeException where they cannot be fetched
    public ListSet inForce(Optional<SetName> name) {
        if (name.isEmpty()) {
            return ListSet.NONE;
        }
        lock.lock();
        try {
            SetName wanted = name.get();
            if (held.isEmpty() || held.get().name().isSupersededBy(wanted)) {
                held = Optional.of(all.get(wanted, () -> attempts.call(this::fetch)));
            } else if (held.get().name().revision() < wanted.revision()) {
                // The same lists, and still in force.
                held = Optional.of(new HeldLists.Named(wanted, held.get().lists()));
            }
            return held.get().lists();
        } finally {
            lock.unlock();
        }
    }

    private HeldLists.Named fetch() {
        Iterator<ListsChunk> chunks = supplies.withDeadlineAfter(FETCH_MINUTES, TimeUnit.MINUTES)
                .fetch(FetchListsRequest.newBuilder()
                        .setStorageId(storage.value())
                        .build());
        Optional<ListSet.Builder> builder = Optional.empty();
        long revision = 0;
        try {
            while (chunks.hasNext()) {
                ListsChunk chunk = chunks.next();
                switch (chunk.getChunkCase()) {
                    case LISTS -> {
                        builder = Optional.of(new ListSet.Builder(chunk.getLists()));
                        revision = chunk.getLists().getRevision();
                    }
                    case ENTRIES ->
                        builder.orElseThrow(() -> new IllegalArgumentException("entries before their lists"))
                                .add(
                                        chunk.getEntries().getListId(),
                                        chunk.getEntries().getType(),
                                        chunk.getEntries().getValues());
                    case DIGEST -> {
                        ListSet.Builder full =
                                builder.orElseThrow(() -> new IllegalArgumentException("a digest of no lists"));
                        return new HeldLists.Named(new SetName(new Digest(chunk.getDigest()), revision), full.build());
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
