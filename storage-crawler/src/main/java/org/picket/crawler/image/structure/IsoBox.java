package org.picket.crawler.image.structure;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One box of the ISO base media file format (ISO/IEC 14496-12, section 4.2).
///
/// @param type four characters
/// @param start where it begins
/// @param from where its body begins, behind its head of one of two lengths
/// @param end behind its body
record IsoBox(String type, int start, int from, int end) {

    /// More boxes side by side than any real file has; a film of an hour in fragments has some thousands.
    private static final int MAX_BOXES = 1 << 16;
    private static final int HEAD = 8;
    private static final int LARGE_HEAD = 16;
    private static final Set<String> NEEDED = Set.of("ftyp", "meta", "moov", "moof", "mdat", "idat");

    /// How a list of boxes may end.
    private enum Ending {
        /// With a box, and at most a few bytes.
        STRICT,
        /// With anything but a box that decides what is shown.
        FILE,
        /// With anything.
        LOOSE
    }

    /// The boxes of a whole file. What follows the last of them need not be one, unless it begins as a box that
    /// the pictures lie in or are described by.
    ///
    /// @throws FlawedObject [Flaw#ENDS_EARLY] if such a box does not end inside the file
    static List<IsoBox> top(Octets octets) {
        return list(octets, 0, octets.length(), Ending.FILE);
    }

    private static List<IsoBox> list(Octets octets, int from, int end, Ending ending) {
        List<IsoBox> boxes = new ArrayList<>();
        for (int at = from; end - at >= HEAD; ) {
            String type = new String(octets.data(), at + 4, 4, StandardCharsets.ISO_8859_1);
            long size = octets.u32(at);
            int head = HEAD;
            if (size == 1 && end - at >= LARGE_HEAD) {
                head = LARGE_HEAD;
                size = octets.u32(at + HEAD) << 32 | octets.u32(at + HEAD + 4);
            } else if (size == 0) {
                size = end - at;
            }
            boolean fits = size >= head && size <= end - at;
            if (!fits && ending == Ending.FILE && !boxes.isEmpty() && !decides(type)) {
                break;
            }
            if (!fits && ending == Ending.LOOSE) {
                if (size > end - at) {
                    boxes.add(new IsoBox(type, at, at + head, end));
                }
                break;
            }
            if (!fits || boxes.size() >= MAX_BOXES) {
                throw new FlawedObject(size > end - at ? Flaw.ENDS_EARLY : Flaw.STRUCTURE);
            }
            boxes.add(new IsoBox(type, at, at + head, at + (int) size));
            at += (int) size;
        }
        return boxes;
    }

    private static boolean decides(String type) {
        return NEEDED.contains(type) || BoxPlaces.decides(type);
    }

    /// The boxes inside this one, as parsers find them that make do with what is there: one that would end
    /// behind this one ends with it, and none follows what is no box.
    List<IsoBox> some(Octets octets, int skip) {
        return list(octets, Math.min(from + skip, end), end, Ending.LOOSE);
    }

    /// The boxes inside this one, behind `skip` bytes of its own.
    List<IsoBox> inside(Octets octets, int skip) {
        if (skip > end - from) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        return list(octets, from + skip, end, Ending.STRICT);
    }

    /// The one box inside this one with the given type.
    Optional<IsoBox> first(Octets octets, String wanted) {
        return first(inside(octets, 0), wanted);
    }

    /// The one box with the given type.
    ///
    /// @throws FlawedObject [Flaw#STRUCTURE] if there are more, since players differ in which of them they take
    static Optional<IsoBox> first(List<IsoBox> boxes, String wanted) {
        List<IsoBox> found =
                boxes.stream().filter(box -> box.type.equals(wanted)).limit(2).toList();
        if (found.size() > 1) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        return found.stream().findFirst();
    }

    static IsoBox required(List<IsoBox> boxes, String wanted) {
        return first(boxes, wanted).orElseThrow(() -> new FlawedObject(Flaw.PARTS_MISSING));
    }

    int length() {
        return end - from;
    }

    /// Version of a full box; its flags are the other three bytes.
    int version(Octets octets) {
        return u8(octets, 0);
    }

    int flags(Octets octets) {
        return (int) u32(octets, 0) & 0xffffff;
    }

    int u8(Octets octets, int at) {
        return octets.u8(checked(at, 1));
    }

    int u16(Octets octets, int at) {
        return octets.u16(checked(at, 2));
    }

    long u32(Octets octets, int at) {
        return octets.u32(checked(at, 4));
    }

    int s32(Octets octets, int at) {
        return (int) u32(octets, at);
    }

    long u64(Octets octets, int at) {
        return u32(octets, at) << 32 | u32(octets, at + 4);
    }

    String four(Octets octets, int at) {
        return new String(octets.data(), checked(at, 4), 4, StandardCharsets.ISO_8859_1);
    }

    /// A copy of the body behind `skip` bytes.
    byte[] body(Octets octets, int skip) {
        int start = checked(skip, 0);
        return Arrays.copyOfRange(octets.data(), start, end);
    }

    private int checked(int at, int count) {
        if (at < 0 || at > end - from - count) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        return from + at;
    }
}
