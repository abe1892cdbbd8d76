package org.picket.crawler.source;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;

/// Sorts any number of entries in bounded memory: fills a buffer, sorts it into a run on disk, and merges the
/// runs, a bounded number at a time. Not safe for several threads.
final class IndexBuilder implements AutoCloseable {

    /// Takes the entries in key order.
    @FunctionalInterface
    interface Sink {
        void accept(FolderEntry entry) throws IOException;
    }

    /// Bounds of the sort.
    ///
    /// @param runEntries entries held before they are written as one run
    /// @param runKeyBytes bytes of the keys of these entries
    /// @param fanIn runs read at once
    record Bounds(int runEntries, int runKeyBytes, int fanIn) {
        static final Bounds DEFAULT = new Bounds(65_536, 8 << 20, 128);

        /// Storages that are walked at once with the whole of it: some 20 MiB each.
        private static final int WHOLE = 8;

        /// For one of so many storages of a process.
        static Bounds amongst(int storages) {
            int part = Math.max(1, (storages + WHOLE - 1) / WHOLE);
            return new Bounds(DEFAULT.runEntries / part, DEFAULT.runKeyBytes / part, DEFAULT.fanIn / part);
        }
    }

    private static final int STREAM_BYTES = 32 * 1024;

    private final Path directory;
    private final Bounds bounds;
    private final List<FolderEntry> held;
    private final Deque<Path> runs = new ArrayDeque<>();
    private int heldKeyBytes;
    private int runsMade;

    /// @param directory where runs are kept meanwhile; deleted by [#close]
    IndexBuilder(Path directory, Bounds bounds) {
        this.directory = directory;
        this.bounds = bounds;
        this.held = new ArrayList<>(bounds.runEntries());
    }

    void add(FolderEntry entry) throws IOException {
        held.add(entry);
        heldKeyBytes += entry.key().length;
        if (held.size() >= bounds.runEntries() || heldKeyBytes >= bounds.runKeyBytes()) {
            spill();
        }
    }

    /// Hands over everything that was added, in key order.
    void drain(Sink sink) throws IOException {
        if (runs.isEmpty()) {
            sortHeld();
            for (FolderEntry entry : held) {
                sink.accept(entry);
            }
            held.clear();
            return;
        }
        spill();
        while (runs.size() > bounds.fanIn()) {
            List<Path> oldest = take(bounds.fanIn());
            Path merged = newRun();
            try (DataOutputStream out = output(merged)) {
                merge(oldest, entry -> write(out, entry));
            }
            runs.addLast(merged);
        }
        merge(take(runs.size()), sink);
    }

    private List<Path> take(int count) {
        List<Path> taken = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            taken.add(runs.removeFirst());
        }
        return taken;
    }

    private void spill() throws IOException {
        if (held.isEmpty()) {
            return;
        }
        sortHeld();
        Path run = newRun();
        try (DataOutputStream out = output(run)) {
            for (FolderEntry entry : held) {
                write(out, entry);
            }
        }
        runs.addLast(run);
        held.clear();
        heldKeyBytes = 0;
    }

    private void sortHeld() {
        held.sort((left, right) -> Arrays.compareUnsigned(left.key(), right.key()));
    }

    private Path newRun() throws IOException {
        Files.createDirectories(directory);
        return directory.resolve("run-" + runsMade++);
    }

    private static void merge(List<Path> inputs, Sink sink) throws IOException {
        List<Run> open = new ArrayList<>(inputs.size());
        try {
            PriorityQueue<Run> heads =
                    new PriorityQueue<>(inputs.size(), (l, r) -> Arrays.compareUnsigned(l.head.key(), r.head.key()));
            for (Path input : inputs) {
                Run run = new Run(input);
                open.add(run);
                if (run.advance()) {
                    heads.add(run);
                }
            }
            while (!heads.isEmpty()) {
                Run run = heads.remove();
                sink.accept(run.head);
                if (run.advance()) {
                    heads.add(run);
                }
            }
        } finally {
            for (Run run : open) {
                run.in.close();
            }
        }
        for (Path input : inputs) {
            Files.delete(input);
        }
    }

    static void write(DataOutputStream out, FolderEntry entry) throws IOException {
        out.writeShort(entry.key().length);
        out.write(entry.key());
        out.writeLong(entry.sizeBytes());
        out.writeLong(entry.seconds());
        out.writeInt(entry.nanos());
        out.writeLong(entry.inode());
    }

    static FolderEntry read(DataInputStream in, int keyBytes) throws IOException {
        byte[] key = in.readNBytes(keyBytes);
        return new FolderEntry(key, in.readLong(), in.readLong(), in.readInt(), in.readLong());
    }

    private static DataOutputStream output(Path path) throws IOException {
        return new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(path), STREAM_BYTES));
    }

    @Override
    public void close() throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (var left = Files.newDirectoryStream(directory)) {
            for (Path path : left) {
                Files.delete(path);
            }
        }
        Files.delete(directory);
    }

    private static final class Run {

        private final DataInputStream in;
        private FolderEntry head = new FolderEntry(new byte[0], 0, 0, 0, 0);

        Run(Path path) throws IOException {
            in = new DataInputStream(new BufferedInputStream(Files.newInputStream(path), STREAM_BYTES));
        }

        boolean advance() throws IOException {
            in.mark(1);
            if (in.read() < 0) {
                return false;
            }
            in.reset();
            head = read(in, in.readUnsignedShort());
            return true;
        }
    }
}
