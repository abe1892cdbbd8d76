package org.picket.crawler.image.structure;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Finds the pictures of a WebM or other Matroska file (RFC 9559 on RFC 8794). It is whole when every element
/// of a known length that holds pictures lies inside the object; recorders leave the lengths of the segment and
/// of its clusters open, and then the object ends where they end. Alpha beside a picture is a flaw, and so is anything
/// behind the segment.
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
    private static final int CROP_BOTTOM = 0x54aa;
    private static final int CROP_TOP = 0x54bb;
    private static final int CROP_LEFT = 0x54cc;
    private static final int CROP_RIGHT = 0x54dd;
    private static final int PROJECTION = 0x7670;
    private static final Set<Integer> OF_VIDEO =
            Set.of(WIDTH, HEIGHT, ALPHA_MODE, CROP_BOTTOM, CROP_TOP, CROP_LEFT, CROP_RIGHT);
    private static final int CLUSTER = 0x1f43b675;
    private static final int CLUSTER_TIME = 0xe7;
    private static final int SIMPLE_BLOCK = 0xa3;
    private static final int BLOCK_GROUP = 0xa0;
    private static final int BLOCK = 0xa1;
    private static final int BLOCK_ADDITIONS = 0x75a1;
    private static final int REFERENCE = 0xfb;
    private static final int SEEK_HEAD = 0x114d9b74;
    private static final int CUES = 0x1c53bb6b;
    private static final int ATTACHMENTS = 0x1941a469;
    private static final int CHAPTERS = 0x1043a770;
    private static final int TAGS = 0x1254c367;
    private static final int VOID = 0xec;
    private static final int CHECKSUM = 0xbf;
    /// A segment's own children, with which an open cluster ends. At another, players differ in whether it ends.
    private static final Set<Integer> CHILDREN =
            Set.of(SEEK_HEAD, INFO, TRACKS, CLUSTER, CUES, ATTACHMENTS, CHAPTERS, TAGS);
    /// Other identifiers of four bytes are those of no child of a cluster.
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

    /// The one track with pictures.
    ///
    /// @throws FlawedObject as [MovieStructure#read]
    public static Track read(Octets octets, long maxPixels) {
        return new MatroskaStructure(octets, maxPixels).track();
    }

    private Track track() {
        EbmlElement head = element(0, octets.length());
        if (head.id() != EBML || head.end() < 0) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        EbmlElement segment = element(head.end(), octets.length());
        if (segment.id() != SEGMENT) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        int end = segment.end(octets.length());
        for (int at = segment.from(); at < end; ) {
            at = child(element(at, end), end);
        }
        // Some players go on to what follows a segment, if it is more of the same.
        if (end < octets.length()) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        Entry found = entry.orElseThrow(() -> new FlawedObject(tracks > 0 ? Flaw.NO_PICTURES : Flaw.PARTS_MISSING));
        if (samples.count() == 0) {
            throw new FlawedObject(Flaw.PARTS_MISSING);
        }
        return new Track(
                found.compression(), found.setup(), found.width(), found.height(), Orientation.UPRIGHT, samples);
    }

    /// Reads one child of the segment; where the next one begins.
    private int child(EbmlElement element, int end) {
        int last = element.end(end);
        if (!CHILDREN.contains(element.id()) && element.id() != VOID && element.id() != CHECKSUM) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        switch (element.id()) {
            case INFO -> {
                for (int at = element.from(); at < last; ) {
                    EbmlElement inner = closed(at, last);
                    perSecond = inner.id() == TIMESTAMP_SCALE ? perSecond(inner.number(octets)) : perSecond;
                    at = inner.end();
                }
            }
            case TRACKS -> {
                for (int at = element.from(); at < last; ) {
                    EbmlElement inner = closed(at, last);
                    if (inner.id() == TRACK) {
                        readTrack(inner);
                    }
                    at = inner.end();
                }
            }
            case CLUSTER -> {
                // Some players look for the tracks elsewhere then, where the head of the segment sends them.
                if (tracks == 0) {
                    throw new FlawedObject(Flaw.STRUCTURE);
                }
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

    private void readTrack(EbmlElement track) {
        if (++tracks > MAX_TRACKS) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        long number = 0;
        long type = 0;
        String codec = "";
        byte[] setup = {};
        Optional<EbmlElement> video = Optional.empty();
        boolean encoded = false;
        Set<Integer> seen = new HashSet<>();
        for (int at = track.from(); at < track.end(); ) {
            EbmlElement inner = closed(at, track.end());
            if (ONCE.contains(inner.id()) && !seen.add(inner.id())) {
                throw new FlawedObject(Flaw.STRUCTURE);
            }
            switch (inner.id()) {
                case TRACK_NUMBER -> number = inner.number(octets);
                case TRACK_TYPE -> type = inner.number(octets);
                case CODEC -> codec = inner.text(octets);
                case CODEC_PRIVATE -> setup = Arrays.copyOfRange(octets.data(), inner.from(), inner.end());
                case ENCODINGS -> encoded = true;
                case VIDEO -> video = Optional.of(inner);
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
        if (passedOver) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        Video told = video(video.orElseThrow(() -> new FlawedObject(Flaw.PARTS_MISSING)));
        if (told.alpha()) {
            throw new FlawedObject(Flaw.PIXEL_LAYOUT);
        }
        boolean plain = !encoded;
        Compression compression = Compression.ofMatroska(codec)
                .filter(known -> plain)
                .orElseThrow(() -> new FlawedObject(Flaw.COMPRESSION));
        entry = Optional.of(new Entry(number, compression, setup, (int) told.width(), (int) told.height()));
    }

    /// Reads the blocks of a cluster; where the next child of the segment begins.
    private int cluster(EbmlElement cluster, int last) {
        long time = 0;
        int at = cluster.from();
        while (at < last) {
            EbmlElement inner = element(at, last);
            if (cluster.end() < 0 && CHILDREN.contains(inner.id())) {
                return at;
            }
            if (inner.end() < 0 || inner.id() >= FOUR_BYTES) {
                throw new FlawedObject(Flaw.STRUCTURE);
            }
            switch (inner.id()) {
                case CLUSTER_TIME -> time = inner.number(octets);
                case SIMPLE_BLOCK -> block(inner, time, true, false);
                case BLOCK_GROUP -> group(inner, time);
                default -> {}
            }
            at = inner.end();
        }
        return last;
    }

    private void group(EbmlElement group, long time) {
        Optional<EbmlElement> block = Optional.empty();
        boolean refers = false;
        boolean additions = false;
        for (int at = group.from(); at < group.end(); ) {
            EbmlElement inner = closed(at, group.end());
            if (inner.id() == BLOCK) {
                if (block.isPresent()) {
                    throw new FlawedObject(Flaw.STRUCTURE);
                }
                block = Optional.of(inner);
            }
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

    private boolean isPicture(EbmlElement block) {
        long number = EbmlElement.size(octets, new int[] {block.from()}, block.end());
        return entry.filter(track -> track.number() == number).isPresent();
    }

    /// @param simple whether the block itself says if it is a key frame; else `key` does
    private void block(EbmlElement block, long time, boolean simple, boolean key) {
        int[] at = {block.from()};
        long number = EbmlElement.size(octets, at, block.end());
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

    private EbmlElement element(int at, int end) {
        return EbmlElement.at(octets, at, end);
    }

    private EbmlElement closed(int at, int end) {
        return EbmlElement.closed(octets, at, end);
    }

    /// Sides and all else that a track says of its pictures.
    private record Video(long width, long height, boolean alpha) {}

    private Video video(EbmlElement video) {
        Map<Integer, Long> numbers = new HashMap<>();
        for (int at = video.from(); at < video.end(); ) {
            EbmlElement inner = closed(at, video.end());
            if (inner.id() == PROJECTION) {
                // Players turn pictures by it, each in its own way.
                throw new FlawedObject(Flaw.PIXEL_LAYOUT);
            }
            if (OF_VIDEO.contains(inner.id()) && numbers.put(inner.id(), inner.number(octets)) != null) {
                throw new FlawedObject(Flaw.STRUCTURE);
            }
            at = inner.end();
        }
        long width = numbers.getOrDefault(WIDTH, 0L);
        long height = numbers.getOrDefault(HEIGHT, 0L);
        Header.checkPixels(width, height, maxPixels);
        checkCrop(width, numbers.getOrDefault(CROP_LEFT, 0L), numbers.getOrDefault(CROP_RIGHT, 0L));
        checkCrop(height, numbers.getOrDefault(CROP_TOP, 0L), numbers.getOrDefault(CROP_BOTTOM, 0L));
        return new Video(width, height, numbers.getOrDefault(ALPHA_MODE, 0L) != 0);
    }

    private static void checkCrop(long side, long before, long behind) {
        if (before < 0 || behind < 0 || before > side || behind > side) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        Aperture.check(side - before - behind, 1, side);
    }
}
