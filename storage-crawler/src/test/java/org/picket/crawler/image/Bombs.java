package org.picket.crawler.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/// Small objects that announce, or unfold to, very many pixels.
public final class Bombs {

    private Bombs() {}

    /// A sound one-bit PNG of the given sides, all of one colour.
    public static byte[] png(int width, int height) throws IOException {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        png.writeBytes("\u0089PNG\r\n\u001a\n".getBytes(StandardCharsets.ISO_8859_1));
        ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height).put(8, (byte) 1);
        chunk(png, "IHDR", header.array());
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflated = new DeflaterOutputStream(data, new Deflater(1))) {
            byte[] row = new byte[1 + (width + 7) / 8];
            for (int y = 0; y < height; y++) {
                deflated.write(row);
            }
        }
        chunk(png, "IDAT", data.toByteArray());
        chunk(png, "IEND", new byte[0]);
        return png.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream png, String type, byte[] data) {
        byte[] body = new byte[4 + data.length];
        System.arraycopy(type.getBytes(StandardCharsets.ISO_8859_1), 0, body, 0, 4);
        System.arraycopy(data, 0, body, 4, data.length);
        CRC32 crc = new CRC32();
        crc.update(body);
        png.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        png.writeBytes(body);
        png.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    /// A frozen JPEG whose header is changed to the given sides.
    public static byte[] jpeg(int width, int height) throws IOException {
        byte[] jpeg = Vectors.read("420.jpg");
        for (int i = 2; i < jpeg.length - 9; i++) {
            if ((jpeg[i] & 0xff) == 0xff && (jpeg[i + 1] & 0xff) == 0xc0) {
                ByteBuffer.wrap(jpeg).putShort(i + 5, (short) height).putShort(i + 7, (short) width);
                return jpeg;
            }
        }
        throw new IllegalStateException("no frame header");
    }

    /// A frozen lossy WebP whose header is changed to the given sides.
    public static byte[] webp(int width, int height) throws IOException {
        byte[] webp = Vectors.read("lossy.webp");
        ByteBuffer.wrap(webp)
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .putShort(26, (short) width)
                .putShort(28, (short) height);
        return webp;
    }
}
