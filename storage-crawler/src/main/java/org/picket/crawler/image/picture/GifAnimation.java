package org.picket.crawler.image.picture;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.picket.crawler.image.structure.Compression;
import org.picket.crawler.image.structure.Flaw;
import org.picket.crawler.image.structure.FlawedObject;
import org.picket.crawler.image.structure.GifStructure;
import org.picket.crawler.image.structure.Header;
import org.picket.crawler.image.structure.Octets;
import org.picket.crawler.image.structure.Patch;

/// The frames of a GIF, unpacked by FFmpeg. Each is wrapped up as a GIF of its own, with a palette of 256 greys and
/// nothing transparent: so each pixel comes out opaque and as the number of its colour, and those that the codes do
/// not reach, which the decoder leaves transparent without a word, are told from them. Colours are put in here,
/// since FFmpeg keeps those of an earlier palette where a shorter one follows.
final class GifAnimation implements Animation, AutoCloseable {

    private static final int COLOURS = 256;
    private static final int OPAQUE = 0xff000000;
    private static final int HEAD_BYTES = 23;
    private static final int IMAGE = 0x2c;
    private static final int TRAILER = 0x3b;
    private static final int OWN_PALETTE_OF_256 = 0x87;
    private static final int INTERLACED = 0x40;
    private static final byte[] SIGNATURE = "GIF89a".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] GREYS = greys();

    private final Octets octets;
    private final GifStructure.Outline outline;
    private final PacketDecoder decoder;
    private int[] pixels = new int[0];

    GifAnimation(Octets octets, GifStructure.Outline outline, long maxPixels) {
        this.octets = octets;
        this.outline = outline;
        this.decoder = new PacketDecoder(Compression.GIF, new byte[0], maxPixels);
    }

    private static byte[] greys() {
        byte[] greys = new byte[3 * COLOURS];
        for (int i = 0; i < greys.length; i++) {
            greys[i] = (byte) (i / 3);
        }
        return greys;
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
        byte[] wrapped = wrapped(patch, coded);
        decoder.send(wrapped, 0, wrapped.length, index);
        AVFrame frame = decoder.receive().orElseThrow(() -> new FlawedObject(Flaw.DATA));
        Colours.checkSize(frame, patch.width(), patch.height());
        numbers(frame, patch);
        colour(palette(coded), patch.width() * patch.height());
        return pixels;
    }

    private byte[] wrapped(Patch patch, GifStructure.Coded coded) {
        int length = coded.end() - coded.from();
        return ByteBuffer.allocate(HEAD_BYTES + GREYS.length + length + 1)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(SIGNATURE)
                .putShort((short) patch.width())
                .putShort((short) patch.height())
                .put(new byte[3])
                .put((byte) IMAGE)
                .putInt(0)
                .putShort((short) patch.width())
                .putShort((short) patch.height())
                .put((byte) (OWN_PALETTE_OF_256 | (coded.interlaced() ? INTERLACED : 0)))
                .put(GREYS)
                .put(octets.data(), coded.from(), length)
                .put((byte) TRAILER)
                .array();
    }

    /// The decoder's pixels, as ARGB.
    private void numbers(AVFrame frame, Patch patch) {
        int width = patch.width();
        int height = patch.height();
        int stride = frame.linesize(0);
        if (frame.format() != avutil.AV_PIX_FMT_RGB32() || stride < width * Integer.BYTES) {
            throw new FlawedObject(Flaw.PIXEL_LAYOUT);
        }
        if (pixels.length < width * height) {
            pixels = new int[width * height];
        }
        try (BytePointer plane = frame.data(0)) {
            IntBuffer rows = plane.limit((long) stride * (height - 1) + (long) width * Integer.BYTES)
                    .asByteBuffer()
                    .order(ByteOrder.nativeOrder())
                    .asIntBuffer();
            for (int y = 0; y < height; y++) {
                rows.get(y * (stride / Integer.BYTES), pixels, y * width, width);
            }
        }
    }

    /// Puts colours in the place of their numbers; fails where a pixel has none.
    private void colour(int[] palette, int count) {
        int all = OPAQUE;
        for (int i = 0; i < count; i++) {
            int pixel = pixels[i];
            all &= pixel;
            pixels[i] = palette[pixel & COLOURS - 1];
        }
        if (all != OPAQUE) {
            throw new FlawedObject(Flaw.PARTS_MISSING);
        }
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

    @Override
    public void close() {
        decoder.close();
    }
}
