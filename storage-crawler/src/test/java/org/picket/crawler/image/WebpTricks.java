package org.picket.crawler.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// WebPs that somebody made to do harm, from sound ones.
final class WebpTricks {

    private static final int HEAD = 12;
    private static final int LARGEST = 16_383;

    private WebpTricks() {}

    static List<HostileFile> all() throws IOException {
        byte[] lossy = Vectors.read("lossy.webp");
        byte[] lossless = Vectors.read("lossless.webp");
        byte[] alpha = Vectors.read("alpha-lossy.webp");
        byte[] script = chunk("EVIL", "<script>alert(1)</script>".getBytes(StandardCharsets.US_ASCII));
        return List.of(
                none("sides of 16,383", Bombs.webp(LARGEST, LARGEST)),
                none("81 megapixels without data", Bombs.webp(9_000, 9_000)),
                none("sides of 0", Bombs.webp(0, 0)),
                none("lossless, sides of 16,384", u32(lossless, 21, 0xffff_ffff)),
                none("lossless, 64 megapixels without data", u32(lossless, 21, 7_999 | 7_999 << 14)),
                none("lossless, unknown version", u32(lossless, 21, 0xe000_0000 | 100 | 89 << 14)),
                none("container to beyond the end", u32(lossy, 4, 0x7fff_ffff)),
                none("container of 2^32-2", u32(lossy, 4, 0xffff_fffe)),
                none("container of nothing", u32(lossy, 4, 0)),
                none("container that ends in the picture", u32(lossy, 4, lossy.length / 2)),
                none("chunk to beyond the container", u32(lossy, 16, 0x7fff_ffff)),
                none("chunk of 2^32-1", u32(lossy, 16, 0xffff_ffff)),
                none("chunk of nothing", u32(lossy, 16, 0)),
                none("a picture cut, and lengths to match", shortened(lossy)),
                none("a lossless picture cut, and lengths to match", shortened(lossless)),
                none("no picture", riff(chunk("XMP ", new byte[10]))),
                none("a canvas larger than the picture", riff(extended(0, 4_000, 4_000), body(lossy))),
                none("a canvas of 16,777,216", riff(extended(0, 1 << 24, 1 << 24), body(lossy))),
                none("said to be animated", riff(extended(2, 101, 90), body(lossy))),
                none("alpha of noise", riff(extended(16, 101, 90), chunk("ALPH", noise()), body(lossy))),
                any("two pictures", riff(extended(0, 101, 90), body(lossy), body(lossless))),
                any("an empty alpha", riff(extended(16, 101, 90), chunk("ALPH", new byte[0]), body(lossy))),
                any("alpha behind the picture", riff(body(alpha), chunk("ALPH", new byte[100]))),
                none("partition that begins behind the end", u32(lossy, 20, 0xffff_fff0 & ~1)),
                new HostileFile(
                        "WebP: a script in a chunk",
                        "lossy.webp",
                        riff(extended(0, 101, 90), body(lossy), script),
                        Promise.SAME),
                new HostileFile(
                        "WebP: EXIF that points at itself",
                        "lossy.webp",
                        riff(extended(8, 101, 90), body(lossy), chunk("EXIF", loop())),
                        Promise.SAME));
    }

    private static HostileFile none(String what, byte[] object) {
        return HostileFile.made("WebP: " + what, object, Promise.NONE);
    }

    private static HostileFile any(String what, byte[] object) {
        return HostileFile.made("WebP: " + what, object, Promise.NONE_OR_ANOTHER);
    }

    private static byte[] loop() {
        return new byte[] {'I', 'I', 42, 0, 8, 0, 0, 0, -1, -1, 8, 0, 0, 0};
    }

    private static byte[] noise() {
        byte[] noise = new byte[200];
        new java.util.Random(3).nextBytes(noise);
        noise[0] = 1;
        return noise;
    }

    private static byte[] u32(byte[] sound, int at, int value) {
        byte[] object = sound.clone();
        ByteBuffer.wrap(object).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
        return object;
    }

    /// All chunks of a file.
    private static byte[] body(byte[] webp) {
        return Arrays.copyOfRange(webp, HEAD, webp.length);
    }

    /// The first half of the only picture, as if it were the whole.
    private static byte[] shortened(byte[] webp) {
        byte[] picture = Arrays.copyOfRange(webp, HEAD + 8, HEAD + 8 + (webp.length - HEAD - 8) / 4 * 2);
        return riff(chunk(new String(webp, HEAD, 4, StandardCharsets.US_ASCII), picture));
    }

    private static byte[] extended(int flags, int width, int height) {
        ByteBuffer body = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN);
        body.putInt(flags).putShort((short) (width - 1)).put((byte) (width - 1 >> 16));
        body.putShort((short) (height - 1)).put((byte) (height - 1 >> 16));
        return chunk("VP8X", body.array());
    }

    private static byte[] chunk(String name, byte[] body) {
        ByteBuffer chunk =
                ByteBuffer.allocate(8 + body.length + (body.length & 1)).order(ByteOrder.LITTLE_ENDIAN);
        return chunk.put(name.getBytes(StandardCharsets.US_ASCII))
                .putInt(body.length)
                .put(body)
                .array();
    }

    private static byte[] riff(byte[]... chunks) {
        byte[] body = Damage.join(chunks);
        ByteBuffer file = ByteBuffer.allocate(HEAD + body.length).order(ByteOrder.LITTLE_ENDIAN);
        file.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(4 + body.length);
        return file.put("WEBP".getBytes(StandardCharsets.US_ASCII)).put(body).array();
    }
}
