package org.picket.crawler.image.structure;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Finds the pictures of a WebM or other Matroska file (RFC 9559 on RFC 8794). It is whole when every element
/// of a known length that holds pictures lies inside the object; recorders leave the lengths of the segment and
/// of its clusters open, and then the object ends where they end. Alpha beside a picture is a flaw.
public final class MatroskaStructure {

    private static final int EBML = 0x1a45dfa3;
    private static final int SEGMENT = 0x18538067;
    private static final int INFO = 0x1549a966;
    private static final int TIMESTAMP_SCALE = 0x2ad7b1;
    private static final int TRACKS = 0x1654ae6b;
    private static final int TRACK = 0xae;
    private static final int TRACK_NUMBER = 0xd7;
    private static final int TRACK_TYPE = 0x83;
    private static final int CODEC = 0x86;
    private static final int CODEC_PRIVATE = 0x63a2;
    private static final int ENCODINGS = 0x6d80;
    private static final int VIDEO = 0xe0;
    private static final int WIDTH = 0xb0;
    private static final int HEIGHT = 0xba;
    private static final int ALPHA_MODE = 0x53c0;
    private static final int CLUSTER = 0x1f43b675;
    private static final int CLUSTER_TIME = 0xe7;
    private static final int SIMPLE_BLOCK = 0xa3;
    private static final int BLOCK_GROUP = 0xa0;
    private static final int BLOCK = 0xa1;
    private static final int BLOCK_ADDITIONS = 0x75a1;
    private static final int REFERENCE = 0xfb;
    /// Identifiers of four bytes are those of a segment's own children, with which an open cluster ends.
    private static final int FOUR_BYTES = 0x10000000;

    /// What players differ in taking the first or the last of, where a track has it twice.
    private static final Set<Integer> ONCE = Set.of(TRACK_NUMBER, TRACK_TYPE, CODEC, CODEC_PRIVATE, VIDEO);

    private static final int PICTURES = 1;
    private static final int MAX_TRACKS = 64;
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final int LACING = 0x06;
    private static final int KEY = 0x80;

    private final Octets octets;
    private final long maxPixels;
    private final Samples samples = new Samples();
    /// Units of time in a second.
    private long perSecond = 1_000;
    private int tracks;
    private final Set<Long> numbers = new HashSet<>();
    private boolean passedOver;
    private Optional<Entry> entry = Optional.empty();

    private MatroskaStructure(Octets octets, long maxPixels) {
        this.octets = octets;
        this.maxPixels = maxPixels;
    }

    private record Entry(long number, Compression compression, byte[] setup, int width, int height) {}

    /// One element; `end` is -1 where its length is open.
    private record Element(int id, int from, int end) {
        int end(int atMost) {
            return end < 0 ? atMost : end;
        }
    }

    /// The one track with pictures.
    ///
    /// @throws FlawedObject as [MovieStructure#read]
    public static Track read(Octets octets, long maxPixels) {
        return new MatroskaStructure(octets, maxPixels).track();
    }

    private Track track() {
        Element head = element(0, octets.length());
        if (head.id() != EBML || head.end() < 0) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        Element segment = element(head.end(), octets.length());
        if (segment.id() != SEGMENT) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        int end = segment.end(octets.length());
        for (int at = segment.from(); at < end; ) {
            at = child(element(at, end), end);
        }
        Entry found = entry.orElseThrow(() -> new FlawedObject(tracks > 0 ? Flaw.NO_PICTURES : Flaw.PARTS_MISSING));
        if (samples.count() == 0) {
            throw new FlawedObject(Flaw.PARTS_MISSING);
        }
        return new Track(
                found.compression(), found.setup(), found.width(), found.height(), Orientation.UPRIGHT, samples);
    }

    /// Reads one child of the segment; where the next one begins.
    private int child(Element element, int end) {
        int last = element.end(end);
        switch (element.id()) {
            case INFO -> {
                for (int at = element.from(); at < last; ) {
                    Element inner = closed(at, last);
                    perSecond = inner.id() == TIMESTAMP_SCALE ? perSecond(number(inner)) : perSecond;
                    at = inner.end();
                }
            }
            case TRACKS -> {
                for (int at = element.from(); at < last; ) {
                    Element inner = closed(at, last);
                    if (inner.id() == TRACK) {
                        readTrack(inner);
                    }
                    at = inner.end();
                }
            }
            case CLUSTER -> {
                return cluster(element, last);
            }
            default -> {
                if (element.end() < 0) {
                    throw new FlawedObject(Flaw.STRUCTURE);
                }
            }
        }
        return last;
    }

    private static long perSecond(long nanos) {
        return Math.clamp(NANOS_PER_SECOND / Math.max(1, nanos), 1, NANOS_PER_SECOND);
    }

    private void readTrack(Element track) {
        if (++tracks > MAX_TRACKS) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        long number = 0;
        long type = 0;
        String codec = "";
        byte[] setup = {};
        long width = 0;
        long height = 0;
        boolean encoded = false;
        boolean alpha = false;
        Set<Integer> seen = new HashSet<>();
        for (int at = track.from(); at < track.end(); ) {
            Element inner = closed(at, track.end());
            if (ONCE.contains(inner.id()) && !seen.add(inner.id())) {
                throw new FlawedObject(Flaw.STRUCTURE);
            }
            switch (inner.id()) {
                case TRACK_NUMBER -> number = number(inner);
                case TRACK_TYPE -> type = number(inner);
                case CODEC -> codec = text(inner);
                case CODEC_PRIVATE -> setup = Arrays.copyOfRange(octets.data(), inner.from(), inner.end());
                case ENCODINGS -> encoded = true;
                case VIDEO -> {
                    width = inside(inner, WIDTH);
                    height = inside(inner, HEIGHT);
                    alpha |= hasAlpha(inner);
                }
                default -> {}
            }
            at = inner.end();
        }
        // Blocks are told apart by these numbers alone.
        if (!numbers.add(number) || type != PICTURES && (seen.contains(VIDEO) || codec.startsWith("V_"))) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        if (type != PICTURES) {
            return;
        }
        if (entry.isPresent()) {
            throw new FlawedObject(Flaw.SEVERAL_TRACKS);
        }
        if (passedOver || alpha) {
            throw new FlawedObject(alpha ? Flaw.PIXEL_LAYOUT : Flaw.STRUCTURE);
        }
        Header.checkPixels(width, height, maxPixels);
        boolean plain = !encoded;
        Compression compression = Compression.ofMatroska(codec)
                .filter(known -> plain)
                .orElseThrow(() -> new FlawedObject(Flaw.COMPRESSION));
        entry = Optional.of(new Entry(number, compression, setup, (int) width, (int) height));
    }

    /// Reads the blocks of a cluster; where the next child of the segment begins.
    private int cluster(Element cluster, int last) {
        long time = 0;
        int at = cluster.from();
        while (at < last) {
            Element inner = element(at, last);
            if (cluster.end() < 0 && inner.id() >= FOUR_BYTES) {
                return at;
            }
            if (inner.end() < 0) {
                throw new FlawedObject(Flaw.STRUCTURE);
            }
            switch (inner.id()) {
                case CLUSTER_TIME -> time = number(inner);
                case SIMPLE_BLOCK -> block(inner, time, true, false);
                case BLOCK_GROUP -> group(inner, time);
                default -> {}
            }
            at = inner.end();
        }
        return last;
    }

    private void group(Element group, long time) {
        Optional<Element> block = Optional.empty();
        boolean refers = false;
        boolean additions = false;
        for (int at = group.from(); at < group.end(); ) {
            Element inner = closed(at, group.end());
            block = inner.id() == BLOCK ? Optional.of(inner) : block;
            refers |= inner.id() == REFERENCE;
            additions |= inner.id() == BLOCK_ADDITIONS;
            at = inner.end();
        }
        if (additions && block.filter(this::isPicture).isPresent()) {
            throw new FlawedObject(Flaw.PIXEL_LAYOUT);
        }
        boolean key = !refers;
        block.ifPresent(found -> block(found, time, false, key));
    }

    private boolean isPicture(Element block) {
        long number = size(new int[] {block.from()}, block.end());
        return entry.filter(track -> track.number() == number).isPresent();
    }

    /// @param simple whether the block itself says if it is a key frame; else `key` does
    private void block(Element block, long time, boolean simple, boolean key) {
        int[] at = {block.from()};
        long number = size(at, block.end());
        if (tracks == 0) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        if (entry.isEmpty() || number != entry.get().number()) {
            // Of a track of pictures that is only described later, it would be lost.
            passedOver |= entry.isEmpty();
            return;
        }
        if (block.end() - at[0] < 4) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        int offset = (short) octets.u16(at[0]);
        int flags = octets.u8(at[0] + 2);
        if ((flags & LACING) != 0) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        int from = at[0] + 3;
        long millis = Times.millis(time + offset, perSecond);
        boolean isKey = samples.count() == 0 || (simple ? (flags & KEY) != 0 : key);
        samples.add(from, block.end() - from, millis, isKey);
    }

    /// The element at `at`, which may be open.
    private Element element(int at, int end) {
        int first = octets.u8(at);
        int idBytes = Integer.numberOfLeadingZeros(first) - 23;
        if (first == 0 || idBytes > 4 || at + idBytes >= end) {
            throw new FlawedObject(first == 0 || idBytes > 4 ? Flaw.STRUCTURE : Flaw.ENDS_EARLY);
        }
        int id = 0;
        for (int i = 0; i < idBytes; i++) {
            id = id << 8 | octets.u8(at + i);
        }
        int[] next = {at + idBytes};
        long size = size(next, end);
        if (size < 0) {
            return new Element(id, next[0], -1);
        }
        if (size > end - next[0]) {
            throw new FlawedObject(Flaw.ENDS_EARLY);
        }
        return new Element(id, next[0], next[0] + (int) size);
    }

    private Element closed(int at, int end) {
        Element element = element(at, end);
        if (element.end() < 0) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        return element;
    }

    /// A number whose leading zero bits tell its length; -1 where all its bits are set. Steps behind it.
    private long size(int[] at, int end) {
        if (at[0] >= end) {
            throw new FlawedObject(Flaw.ENDS_EARLY);
        }
        int first = octets.u8(at[0]);
        int bytes = Integer.numberOfLeadingZeros(first) - 23;
        if (first == 0 || at[0] + bytes > end) {
            throw new FlawedObject(first == 0 ? Flaw.STRUCTURE : Flaw.ENDS_EARLY);
        }
        long value = first & 0xff >> bytes;
        for (int i = 1; i < bytes; i++) {
            value = value << 8 | octets.u8(at[0] + i);
        }
        at[0] += bytes;
        return value == (1L << 7 * bytes) - 1 ? -1 : value;
    }

    private long number(Element element) {
        if (element.end() - element.from() > Long.BYTES) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        long value = 0;
        for (int at = element.from(); at < element.end(); at++) {
            value = value << 8 | octets.u8(at);
        }
        return value;
    }

    private String text(Element element) {
        int end = element.from();
        while (end < element.end() && octets.u8(end) != 0) {
            end++;
        }
        return new String(octets.data(), element.from(), end - element.from(), StandardCharsets.ISO_8859_1);
    }

    private boolean hasAlpha(Element video) {
        boolean alpha = false;
        for (int at = video.from(); at < video.end(); ) {
            Element inner = closed(at, video.end());
            alpha |= inner.id() == ALPHA_MODE && number(inner) != 0;
            at = inner.end();
        }
        return alpha;
    }

    /// The number in the child with this identifier, or 0.
    private long inside(Element parent, int id) {
        for (int at = parent.from(); at < parent.end(); ) {
            Element inner = closed(at, parent.end());
            if (inner.id() == id) {
                return number(inner);
            }
            at = inner.end();
        }
        return 0;
    }
}
