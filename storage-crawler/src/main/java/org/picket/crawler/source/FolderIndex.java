package org.picket.crawler.source;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32C;

/// The sorted listing of a folder as one file, so that a page anywhere in it is a seek.
///
/// Layout: the entries in key order; the gaps; the offset of every [#STEP]-th entry as eight bytes; a footer
/// with the place of both, the number of entries and a checksum. The file is written beside its place and moved
/// there whole. One open index sees one listing, also while a newer one takes its place. Not safe for several
/// threads.
final class FolderIndex implements AutoCloseable {

    /// Entries between two offsets that can be sought.
    static final int STEP = 64;

    private static final long MAGIC = 0x5069636b65744c31L;
    private static final int FOOTER_BYTES = 5 * Long.BYTES;
    private static final int READ_BYTES = 64 * 1024;
    private static final OpenOption[] REPLACE = {
        StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE
    };

    private final FileChannel channel;
    private final long gapsAt;
    private final long offsetsAt;
    private final long entries;

    private FolderIndex(FileChannel channel, long gapsAt, long offsetsAt, long entries) {
        this.channel = channel;
        this.gapsAt = gapsAt;
        this.offsetsAt = offsetsAt;
        this.entries = entries;
    }

    /// Walks `root` and puts its index at `place`, whole or not at all.
    ///
    /// @param stands asked after the walk: whether `root` is still the directory that is meant
    static void build(Path root, Path place, IndexBuilder.Bounds bounds, BooleanSupplier stands) throws IOException {
        Path unfinished = place.resolveSibling(place.getFileName() + ".new");
        Path offsets = place.resolveSibling(place.getFileName() + ".offsets");
        Path runs = place.resolveSibling(place.getFileName() + ".runs");
        try (IndexBuilder builder = new IndexBuilder(runs, bounds)) {
            Gaps gaps = new FolderWalk(root, builder::add).walk();
            if (!stands.getAsBoolean()) {
                throw new NoSuchFileException(root.toString(), null, "another directory is at its path");
            }
            write(unfinished, offsets, builder, gaps);
            Files.move(unfinished, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(unfinished);
            Files.deleteIfExists(offsets);
        }
    }

    private static void write(Path unfinished, Path offsets, IndexBuilder builder, Gaps gaps) throws IOException {
        long[] counted = new long[1];
        try (FileChannel file = FileChannel.open(unfinished, REPLACE);
                CountedOutput counter = new CountedOutput(file);
                DataOutputStream out = new DataOutputStream(counter)) {
            try (DataOutputStream steps = new DataOutputStream(new CountedOutput(FileChannel.open(offsets, REPLACE)))) {
                builder.drain(entry -> {
                    if (counted[0]++ % STEP == 0) {
                        steps.writeLong(counter.written);
                    }
                    IndexBuilder.write(out, entry);
                });
            }
            long gapsAt = counter.written;
            out.write(encode(gaps));
            long offsetsAt = counter.written;
            Files.copy(offsets, out);
            out.write(footer(gapsAt, offsetsAt, counted[0]));
            out.flush();
            file.force(true);
        }
    }

    /// Opens the index at `place`; empty when there is none or it is not whole.
    static Optional<FolderIndex> open(Path place) throws IOException {
        if (!Files.exists(place)) {
            return Optional.empty();
        }
        FileChannel channel = FileChannel.open(place, StandardOpenOption.READ);
        try {
            long footerAt = channel.size() - FOOTER_BYTES;
            if (footerAt >= 0) {
                ByteBuffer read = readAt(channel, footerAt, FOOTER_BYTES);
                long gapsAt = read.getLong(Long.BYTES);
                long offsetsAt = read.getLong(2 * Long.BYTES);
                long entries = read.getLong(3 * Long.BYTES);
                if (Arrays.equals(read.array(), footer(gapsAt, offsetsAt, entries))) {
                    return Optional.of(new FolderIndex(channel, gapsAt, offsetsAt, entries));
                }
            }
            channel.close();
            return Optional.empty();
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    long entries() {
        return entries;
    }

    /// Up to `limit` entries of `scope` after a key, and the key after which to go on.
    ListPage page(Scope scope, Optional<String> after, int limit) throws IOException {
        byte[] bound = after.orElse("").getBytes(StandardCharsets.UTF_8);
        List<ObjectReference> found = new ArrayList<>();
        long index = step(bound) * STEP;
        channel.position(index == 0 ? 0 : offset(index / STEP));
        DataInputStream in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel), READ_BYTES));
        // Without a bound on entries passed over, a scope of few objects would make one call walk the whole listing.
        int passed = 0;
        String last = "";
        for (; index < entries; index++) {
            if (found.size() == limit || passed == Source.MAX_PAGE * STEP) {
                return new ListPage(found, Optional.of(last));
            }
            FolderEntry entry = IndexBuilder.read(in, in.readUnsignedShort());
            if (after.isPresent() && Arrays.compareUnsigned(entry.key(), bound) <= 0) {
                continue;
            }
            passed++;
            ObjectReference reference = entry.reference();
            last = reference.key();
            if (scope.covers(reference.modified())) {
                found.add(reference);
            }
        }
        return new ListPage(found, Optional.empty());
    }

    /// The last step whose first key is not after `bound`.
    private long step(byte[] bound) throws IOException {
        long low = 0;
        long high = (entries + STEP - 1) / STEP;
        while (low + 1 < high) {
            long middle = (low + high) >>> 1;
            if (Arrays.compareUnsigned(keyAt(offset(middle)), bound) <= 0) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private long offset(long step) throws IOException {
        return readAt(channel, offsetsAt + step * Long.BYTES, Long.BYTES).getLong(0);
    }

    private byte[] keyAt(long offset) throws IOException {
        int length = Short.toUnsignedInt(readAt(channel, offset, Short.BYTES).getShort(0));
        return readAt(channel, offset + Short.BYTES, length).array();
    }

    Gaps gaps() throws IOException {
        byte[] bytes =
                readAt(channel, gapsAt, Math.toIntExact(offsetsAt - gapsAt)).array();
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        Map<Gap.Kind, Long> counts = new EnumMap<>(Gap.Kind.class);
        for (int i = in.readInt(); i > 0; i--) {
            counts.put(Gap.Kind.valueOf(in.readUTF()), in.readLong());
        }
        List<Gap> first = new ArrayList<>();
        for (int i = in.readInt(); i > 0; i--) {
            Gap.Kind kind = Gap.Kind.valueOf(in.readUTF());
            first.add(new Gap(in.readUTF(), kind));
        }
        return new Gaps(counts, first);
    }

    private static byte[] encode(Gaps gaps) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(gaps.counts().size());
        for (Map.Entry<Gap.Kind, Long> count : gaps.counts().entrySet()) {
            out.writeUTF(count.getKey().name());
            out.writeLong(count.getValue());
        }
        out.writeInt(gaps.first().size());
        for (Gap gap : gaps.first()) {
            out.writeUTF(gap.kind().name());
            out.writeUTF(gap.where());
        }
        return bytes.toByteArray();
    }

    private static byte[] footer(long gapsAt, long offsetsAt, long entries) {
        ByteBuffer footer = ByteBuffer.allocate(FOOTER_BYTES);
        footer.putLong(MAGIC).putLong(gapsAt).putLong(offsetsAt).putLong(entries);
        CRC32C sum = new CRC32C();
        sum.update(footer.array(), 0, footer.position());
        return footer.putLong(sum.getValue()).array();
    }

    private static ByteBuffer readAt(FileChannel channel, long position, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new EOFException("the index of the folder ends early");
            }
        }
        return buffer;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /// Buffers, and counts beyond the two gigabytes where [DataOutputStream#size] stops.
    private static final class CountedOutput extends BufferedOutputStream {

        private long written;

        CountedOutput(FileChannel channel) {
            super(Channels.newOutputStream(channel), READ_BYTES);
        }

        @Override
        public synchronized void write(int b) throws IOException {
            super.write(b);
            written++;
        }

        @Override
        public synchronized void write(byte[] bytes, int from, int length) throws IOException {
            super.write(bytes, from, length);
            written += length;
        }
    }
}
