package org.picket.coordinator.hashlist;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.fleet.Member;
import org.picket.coordinator.policy.HashList;
import org.picket.coordinator.policy.HashType;
import org.picket.proto.id.SiteId;
import org.picket.proto.id.StorageId;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.EntriesInForce;
import org.picket.proto.v1.FetchListsRequest;
import org.picket.proto.v1.ListInForce;
import org.picket.proto.v1.ListSuppliesGrpc;
import org.picket.proto.v1.ListsChunk;
import org.picket.proto.v1.ListsInForce;

/// Hands what is in force to the crawlers of a site.
final class ListSuppliesEndpoint extends ListSuppliesGrpc.ListSuppliesImplBase {
    private static final int CHUNK_BYTES = 1 << 20;
    private static final long LOOK_NANOS = 5_000_000;
    /// A crawler that takes nothing for so long is gone: a snapshot of the database is held for it.
    private static final long PATIENCE_NANOS = 120_000_000_000L;

    private final HashLists lists;
    private final Database database;
    private final PolicyLists policies;

    ListSuppliesEndpoint(HashLists lists, Database database, PolicyLists policies) {
        this.lists = lists;
        this.database = database;
        this.policies = policies;
    }

    @Override
    public void fetch(FetchListsRequest request, StreamObserver<ListsChunk> answer) {
        SiteId site = new SiteId(Member.caller().owner().value());
        PolicyLists.Of policy = Optional.of(request.getStorageId())
                .filter(id -> id > 0)
                .map(StorageId::new)
                .flatMap(policies::find)
                .filter(found -> found.site().equals(site))
                .orElseThrow(() -> Status.PERMISSION_DENIED
                        .withDescription("not a storage of this site")
                        .asRuntimeException());
        Sender sender = new Sender((ServerCallStreamObserver<ListsChunk>) answer);
        Digest digest = database.read(handle -> {
            Digest own = lists.stream(handle, site, head -> sender.head(head, policy), sender::add);
            sender.flush();
            return own;
        });
        for (int i = 0; i < policy.lists().size(); i++) {
            var hashes = policy.lists().get(i).hashes();
            for (int entry = 0; entry < hashes.size(); entry++) {
                sender.add(new PostgresListSets.Row(-1L - i, HashType.SHA256, hashes.at(entry)));
            }
            sender.flush();
        }
        sender.send(ListsChunk.newBuilder()
                .setDigest(PolicyLists.together(digest, policy.policy()).bytes())
                .build());
        answer.onCompleted();
    }

    /// Gathers entries of one list and type into chunks, and sends these as fast as they are taken.
    private static final class Sender {
        private final ServerCallStreamObserver<ListsChunk> observer;
        private final byte[] gathered = new byte[CHUNK_BYTES];
        private int length;
        private long list;
        private HashType type = HashType.SHA256;

        Sender(ServerCallStreamObserver<ListsChunk> observer) {
            this.observer = observer;
        }

        void head(HashLists.Head head, PolicyLists.Of of) {
            List<HashList> policy = of.lists();
            ListsInForce.Builder sent = ListsInForce.newBuilder()
                    .setRevision(of.revision())
                    .setSha256(head.counts()[0]
                            + policy.stream()
                                    .mapToLong(each -> each.hashes().size())
                                    .sum())
                    .setMd5(head.counts()[1])
                    .setPdq(head.counts()[2]);
            head.lists()
                    .forEach(each -> sent.addLists(ListInForce.newBuilder()
                            .setId(each.id())
                            .setTerms(each.terms().wire())));
            for (int i = 0; i < policy.size(); i++) {
                sent.addLists(ListInForce.newBuilder().setId(-1L - i).setTerms(terms(policy.get(i))));
            }
            send(ListsChunk.newBuilder().setLists(sent).build());
        }

        /// Beside the SHA-256, which is all that they know, the terms of a policy's list are in the policy.
        private static org.picket.proto.v1.ListTerms terms(HashList list) {
            ListTerms.Kind kind = switch (list.kind()) {
                case HashList.Allow allow -> ListTerms.Kind.ALLOW;
                case HashList.Deny deny -> ListTerms.Kind.DENY;
            };
            return new ListTerms(kind, list.id(), "", 1, 0, 0).wire();
        }

        void add(PostgresListSets.Row row) {
            if (length > 0 && (row.list() != list || row.type() != type || length + row.value().length > CHUNK_BYTES)) {
                flush();
            }
            list = row.list();
            type = row.type();
            System.arraycopy(row.value(), 0, gathered, length, row.value().length);
            length += row.value().length;
        }

        void flush() {
            if (length > 0) {
                send(ListsChunk.newBuilder()
                        .setEntries(EntriesInForce.newBuilder()
                                .setListId(list)
                                .setTypeValue(type.code())
                                .setValues(ByteString.copyFrom(gathered, 0, length)))
                        .build());
                length = 0;
            }
        }

        void send(ListsChunk chunk) {
            long deadline = System.nanoTime() + PATIENCE_NANOS;
            while (!observer.isReady()) {
                if (observer.isCancelled() || System.nanoTime() > deadline) {
                    throw Status.CANCELLED
                            .withDescription("the crawler takes nothing")
                            .asRuntimeException();
                }
                LockSupport.parkNanos(LOOK_NANOS);
            }
            observer.onNext(chunk);
        }
    }
}
