package org.picket.crawler.image.structure;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// Walks a GIF (GIF89a specification) block by block. It is whole when the blocks of every frame lie inside the
/// object, and the trailer is there; whatever follows the trailer is ignored. Whether every frame's codes yield all
/// of its pixels, [GifAnimation] sees when they have been unpacked. They have no checksum, so a flipped bit that still
/// yields all pixels is not found.
public final class GifStructure {

    private static final int EXTENSION = 0x21;
    private static final int GRAPHIC_CONTROL = 0xf9;
    private static final int IMAGE = 0x2c;
    private static final int TRAILER = 0x3b;
    private static final int CONTROL_BYTES = 4;
    private static final int LAST_DISPOSAL = 4;
    private static final int INTERLACED = 0x40;
    private static final int GLOBAL_TABLE = 13;

    /// The canvas, and the frames in their order; at least one.
    public record Outline(Header header, List<Patch> patches, List<Coded> coded) {}

    /// How a frame is coded.
    ///
    /// @param from where the bits of a colour stand, which are 1 to 8; behind them come the sub-blocks of codes
    /// @param end behind the empty sub-block that ends them
    /// @param table where its palette begins, which lies inside the object
    /// @param colours of the palette
    /// @param transparent the number of the colour that is none
    public record Coded(int from, int end, boolean interlaced, int table, int colours, OptionalInt transparent) {}

    private final Octets octets;
    private final long maxPixels;
    private final List<Patch> patches = new ArrayList<>();
    private final List<Coded> coded = new ArrayList<>();
    private final FrameBudget budget;
    private int globalColours;
    private int disposal;
    private OptionalInt transparent = OptionalInt.empty();
    private int millis = Patch.shown(0);
    private int at;

    private GifStructure(Octets octets, long maxPixels) {
        this.octets = octets;
        this.maxPixels = maxPixels;
        this.budget = new FrameBudget(maxPixels);
    }

    public static Outline read(Octets octets, long maxPixels) {
        return new GifStructure(octets, maxPixels).walk();
    }

    private Outline walk() {
        int width = octets.u16le(6);
        int height = octets.u16le(8);
        globalColours = colours(octets.u8(10));
        at = GLOBAL_TABLE + 3 * globalColours;
        for (int block = octets.u8(at++); block != TRAILER; block = next()) {
            if (block == EXTENSION) {
                if (octets.u8(at) == GRAPHIC_CONTROL) {
                    control();
                }
                at = skip(at + 1);
            } else if (block == IMAGE) {
                frame();
            } else {
                throw new FlawedObject(Flaw.STRUCTURE);
            }
        }
        if (patches.isEmpty()) {
            throw new FlawedObject(Flaw.PARTS_MISSING);
        }
        // Viewers grow the canvas to the first frame, and clip the others.
        Patch first = patches.getFirst();
        width = Math.max(width, first.x() + first.width());
        height = Math.max(height, first.y() + first.height());
        Header.checkPixels(width, height, maxPixels);
        return new Outline(
                new Header(Format.GIF, width, height, Orientation.UPRIGHT, true),
                List.copyOf(patches),
                List.copyOf(coded));
    }

    private int next() {
        if (at >= octets.length() && !patches.isEmpty()) {
            throw new FlawedObject(Flaw.NO_END_MARK);
        }
        return octets.u8(at++);
    }

    /// What is said of the next frame. Of another length, or with another meaning of the last frame's end, viewers take
    /// it each in their own way.
    private void control() {
        int flags = octets.u8(at + 2);
        disposal = flags >> 2 & 7;
        if (octets.u8(at + 1) != CONTROL_BYTES || octets.u8(at + 6) != 0 || disposal > LAST_DISPOSAL) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        transparent = (flags & 1) != 0 ? OptionalInt.of(octets.u8(at + 5)) : OptionalInt.empty();
        millis = Patch.shown(10L * octets.u16le(at + 3));
    }

    private void frame() {
        int width = octets.u16le(at + 4);
        int height = octets.u16le(at + 6);
        budget.take(width, height);
        Patch.Disposal after = switch (disposal) {
            case 2 -> Patch.Disposal.CLEAR;
            // Programs of old mean the third bit, and browsers read it so.
            case 3, LAST_DISPOSAL -> Patch.Disposal.RESTORE;
            default -> Patch.Disposal.KEEP;
        };
        patches.add(new Patch(octets.u16le(at), octets.u16le(at + 2), width, height, true, after, millis));
        int flags = octets.u8(at + 8);
        int ownColours = colours(flags);
        int table = ownColours > 0 ? at + 9 : GLOBAL_TABLE;
        int count = ownColours > 0 ? ownColours : globalColours;
        at += 9 + 3 * ownColours;
        int codeBits = octets.u8(at);
        if (count == 0 || codeBits < 1 || codeBits > 8) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        int end = skip(at + 1);
        coded.add(new Coded(at, end, (flags & INTERLACED) != 0, table, count, transparent));
        at = end;
        disposal = 0;
        transparent = OptionalInt.empty();
        millis = Patch.shown(0);
    }

    /// How many colours the table has that `flags` announces.
    private static int colours(int flags) {
        return (flags & 0x80) == 0 ? 0 : 2 << (flags & 7);
    }

    /// Behind the chain of sub-blocks that begins at `from`.
    private int skip(int from) {
        int i = from;
        for (int length = octets.u8(i); length != 0; length = octets.u8(i)) {
            i += 1 + length;
        }
        return i + 1;
    }
}
