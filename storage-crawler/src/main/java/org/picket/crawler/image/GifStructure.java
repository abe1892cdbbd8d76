package org.picket.crawler.image;

import java.util.ArrayList;
import java.util.List;

/// Walks a GIF (GIF89a specification) block by block. It is whole when the blocks of every frame lie inside the
/// object, every frame's code stream yields all of its pixels, and the trailer is there; whatever follows the
/// trailer is ignored. A code stream has no checksum, so a flipped bit that still yields all pixels is not
/// found.
final class GifStructure {

    /// More frames than any picture that people post; each costs a decode.
    private static final int MAX_FRAMES = 4096;
    /// All frames together may have this many times the pixels of the largest single picture.
    private static final int FRAME_PIXELS_FACTOR = 4;

    private static final int EXTENSION = 0x21;
    private static final int GRAPHIC_CONTROL = 0xf9;
    private static final int IMAGE = 0x2c;
    private static final int TRAILER = 0x3b;

    /// Browsers show frames whose delay is below 20 ms for 100 ms.
    private static final int SHORTEST_MILLIS = 20;
    private static final int DEFAULT_MILLIS = 100;

    /// One frame: its rectangle on the canvas, how long it is shown, and what becomes of it when the next one
    /// comes.
    ///
    /// @param millis as browsers show it
    /// @param disposal 2: clear the rectangle to transparent; 3: restore what was there; else: leave it
    record Frame(int x, int y, int width, int height, int disposal, int millis) {}

    /// The canvas, and the frames in their order; at least one.
    record Animation(Header header, List<Frame> frames) {}

    private final Octets octets;
    private final long maxPixels;
    private final List<Frame> frames = new ArrayList<>();
    private long framePixels;
    private int disposal;
    private int millis = DEFAULT_MILLIS;
    private int at;

    private GifStructure(Octets octets, long maxPixels) {
        this.octets = octets;
        this.maxPixels = maxPixels;
    }

    static Animation read(Octets octets, long maxPixels) {
        return new GifStructure(octets, maxPixels).walk();
    }

    private Animation walk() {
        int width = octets.u16le(6);
        int height = octets.u16le(8);
        at = 13 + table(octets.u8(10));
        for (int block = octets.u8(at++); block != TRAILER; block = next()) {
            if (block == EXTENSION) {
                if (octets.u8(at) == GRAPHIC_CONTROL) {
                    disposal = octets.u8(at + 2) >> 2 & 7;
                    int told = 10 * octets.u16le(at + 3);
                    millis = told < SHORTEST_MILLIS ? DEFAULT_MILLIS : told;
                }
                at = skip(at + 1);
            } else if (block == IMAGE) {
                frame();
            } else {
                throw new FlawedObject(Flaw.STRUCTURE);
            }
        }
        if (frames.isEmpty()) {
            throw new FlawedObject(Flaw.PARTS_MISSING);
        }
        // Viewers grow the canvas to the first frame, and clip the others.
        Frame first = frames.getFirst();
        width = Math.max(width, first.x() + first.width());
        height = Math.max(height, first.y() + first.height());
        Header.checkPixels(width, height, maxPixels);
        return new Animation(new Header(Format.GIF, width, height, Orientation.UPRIGHT, true), List.copyOf(frames));
    }

    private int next() {
        if (at >= octets.length() && !frames.isEmpty()) {
            throw new FlawedObject(Flaw.NO_END_MARK);
        }
        return octets.u8(at++);
    }

    private void frame() {
        int width = octets.u16le(at + 4);
        int height = octets.u16le(at + 6);
        Header.checkPixels(width, height, maxPixels);
        framePixels += (long) width * height;
        if (framePixels > FRAME_PIXELS_FACTOR * maxPixels || frames.size() >= MAX_FRAMES) {
            throw new FlawedObject(Flaw.FRAME_PIXELS);
        }
        frames.add(new Frame(octets.u16le(at), octets.u16le(at + 2), width, height, disposal, millis));
        disposal = 0;
        millis = DEFAULT_MILLIS;
        at += 9 + table(octets.u8(at + 8));
        int codeBits = octets.u8(at);
        if (codeBits < 1 || codeBits > 8) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        int end = skip(at + 1);
        new GifCodes(octets, at + 1, codeBits).check((long) width * height);
        at = end;
    }

    /// Bytes of the colour table that `flags` announces.
    private static int table(int flags) {
        return (flags & 0x80) == 0 ? 0 : 3 << (flags & 7) + 1;
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
