package org.picket.coordinator.progress;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Iterator;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.ledger.Ledger;
import org.picket.coordinator.ledger.LedgerReader;
import org.picket.coordinator.ledger.StoredEntry;
import org.picket.proto.v1.CheckpointRequest;
import org.picket.proto.v1.CheckpointResponse;
import org.picket.proto.v1.ExportLedgerRequest;
import org.picket.proto.v1.LedgerEntry;
import org.picket.proto.v1.LedgerGrpc;
import org.picket.proto.v1.LedgerMessage;
import org.picket.runtime.time.TimeSource;

/// The ledger, for whoever wants to check it.
final class LedgerEndpoint extends LedgerGrpc.LedgerImplBase {
    private final Database database;
    private final TimeSource time;
    private final Ledger ledger;

    LedgerEndpoint(Database database, TimeSource time, Ledger ledger) {
        this.database = database;
        this.time = time;
        this.ledger = ledger;
    }

    @Override
    public void checkpoint(CheckpointRequest request, StreamObserver<CheckpointResponse> answer) {
        Ledger.SignedCheckpoint signed = sign();
        answer.onNext(CheckpointResponse.newBuilder()
                .setSize(signed.checkpoint().size())
                .setRoot(signed.checkpoint().root().bytes())
                .setNote(signed.note())
                .build());
        answer.onCompleted();
    }

    /// Sends as fast as the caller takes it, from one page in memory at a time: up to the checkpoint signed at
    /// the start.
    @Override
    public void export(ExportLedgerRequest request, StreamObserver<LedgerMessage> answer) {
        ServerCallStreamObserver<LedgerMessage> stream = (ServerCallStreamObserver<LedgerMessage>) answer;
        Ledger.SignedCheckpoint signed = sign();
        Iterator<StoredEntry> entries =
                new LedgerReader(database).entries(0, signed.checkpoint().size());
        Export export = new Export(stream, entries, signed.note());
        stream.setOnReadyHandler(export::pump);
        export.pump();
    }

    private Ledger.SignedCheckpoint sign() {
        return database.transaction(handle -> ledger.checkpoint(handle, time.now()));
    }

    /// One export. gRPC calls it from one thread at a time.
    private static final class Export {
        private final ServerCallStreamObserver<LedgerMessage> stream;
        private final Iterator<StoredEntry> entries;
        private final String note;
        private boolean done;

        Export(ServerCallStreamObserver<LedgerMessage> stream, Iterator<StoredEntry> entries, String note) {
            this.stream = stream;
            this.entries = entries;
            this.note = note;
        }

        void pump() {
            while (!done && stream.isReady()) {
                if (entries.hasNext()) {
                    StoredEntry entry = entries.next();
                    stream.onNext(LedgerMessage.newBuilder()
                            .setEntry(LedgerEntry.newBuilder()
                                    .setSequence(entry.seq())
                                    .setBody(entry.body()))
                            .build());
                } else {
                    done = true;
                    stream.onNext(LedgerMessage.newBuilder().setCheckpoint(note).build());
                    stream.onCompleted();
                }
            }
        }
    }
}
