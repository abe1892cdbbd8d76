package org.picket.crawler.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/// PNGs written by hand, chunk by chunk, so that they can lie.
final class HandMadePng {

    private final ByteArrayOutputStream file = new ByteArrayOutputStream();

    HandMadePng() {
        file.writeBytes("\u0089PNG\r\n\u001a\n".getBytes(StandardCharsets.ISO_8859_1));
    }

    HandMadePng head(int width, int height, int depth, int colour, int interlace) {
        return chunk(
                "IHDR",
                ByteBuffer.allocate(13)
                        .putInt(width)
                        .putInt(height)
                        .put((byte) depth)
                        .put((byte) colour)
                        .put(12, (byte) interlace)
                        .array());
    }

    HandMadePng chunk(String type, byte[] data) {
        return chunk(type, data, data.length, 0);
    }

    /// A chunk that announces another length, or whose checksum is off.
    HandMadePng chunk(String type, byte[] data, int announced, int off) {
        byte[] name = type.getBytes(StandardCharsets.ISO_8859_1);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        file.writeBytes(ByteBuffer.allocate(4).putInt(announced).array());
        file.writeBytes(name);
        file.writeBytes(data);
        file.writeBytes(
                ByteBuffer.allocate(4).putInt((int) crc.getValue() + off).array());
        return this;
    }

    /// One chunk of rows, each of `bytes` bytes of one value, of no filter.
    HandMadePng rows(int rows, int bytes, int value) throws IOException {
        return chunk("IDAT", deflated(rows, bytes, value));
    }

    HandMadePng end() {
        return chunk("IEND", new byte[0]);
    }

    byte[] bytes() {
        return file.toByteArray();
    }

    static byte[] deflated(int rows, int bytes, int value) throws IOException {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflated = new DeflaterOutputStream(data, new Deflater(9))) {
            byte[] row = new byte[1 + bytes];
            java.util.Arrays.fill(row, 1, row.length, (byte) value);
            for (int y = 0; y < rows; y++) {
                deflated.write(row);
            }
        }
        return data.toByteArray();
    }
}
