package org.picket.crawler.image;

import java.util.List;

/// The frames of a GIF.
final class GifAnimation implements Animation {

    private static final int COLOURS = 256;
    private static final int OPAQUE = 0xff000000;
    /// Of an interlaced frame, every eighth row, then those between, and so on (GIF89a specification, appendix E).
    private static final int[] FIRST_ROWS = {0, 4, 2, 1};

    private static final int[] ROW_STEPS = {8, 8, 4, 2};

    private final Octets octets;
    private final GifStructure.Outline outline;
    private byte[] colours = new byte[0];
    private int[] pixels = new int[0];

    GifAnimation(Octets octets, GifStructure.Outline outline) {
        this.octets = octets;
        this.outline = outline;
    }

    @Override
    public Header header() {
        return outline.header();
    }

    @Override
    public List<Patch> patches() {
        return outline.patches();
    }

    @Override
    public int[] pixels(int index) {
        Patch patch = outline.patches().get(index);
        GifStructure.Coded coded = outline.coded().get(index);
        int count = patch.width() * patch.height();
        if (pixels.length < count) {
            colours = new byte[count];
            pixels = new int[count];
        }
        new GifCodes(octets, coded.from(), coded.end(), coded.codeBits()).unpack(colours, count);
        int[] palette = palette(coded);
        if (!coded.interlaced()) {
            for (int i = 0; i < count; i++) {
                pixels[i] = palette[colours[i] & 0xff];
            }
            return pixels;
        }
        int from = 0;
        for (int pass = 0; pass < FIRST_ROWS.length; pass++) {
            for (int y = FIRST_ROWS[pass]; y < patch.height(); y += ROW_STEPS[pass]) {
                for (int to = y * patch.width(); to < (y + 1) * patch.width(); to++) {
                    pixels[to] = palette[colours[from++] & 0xff];
                }
            }
        }
        return pixels;
    }

    /// As ARGB. Numbers behind its end stand for nothing, so they are transparent.
    private int[] palette(GifStructure.Coded coded) {
        int[] palette = new int[COLOURS];
        for (int i = 0; i < coded.colours(); i++) {
            int at = coded.table() + 3 * i;
            palette[i] = OPAQUE | octets.u8(at) << 16 | octets.u8(at + 1) << 8 | octets.u8(at + 2);
        }
        coded.transparent().ifPresent(number -> palette[number] = 0);
        return palette;
    }
}
