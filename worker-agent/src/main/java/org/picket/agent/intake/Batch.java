package org.picket.agent.intake;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.picket.proto.seal.Digest;

/// Views of any leases, copied one after the other into the buffer that the model reads. Owned by one thread at
/// a time.
final class Batch {
    /// A view's place is that of its entry.
    record Entry(LeaseScan scan, Digest digest) {}

    private final ByteBuffer input;
    private final List<Entry> entries = new ArrayList<>();

    Batch(ByteBuffer input) {
        this.input = input;
    }

    void add(Arrival arrival) {
        byte[] pixels = arrival.pixels().array();
        input.put(entries.size() * pixels.length, pixels);
        entries.add(new Entry(arrival.scan(), arrival.pixels().digest()));
    }

    ByteBuffer input() {
        return input;
    }

    List<Entry> entries() {
        return entries;
    }

    int size() {
        return entries.size();
    }

    void clear() {
        entries.clear();
    }
}
