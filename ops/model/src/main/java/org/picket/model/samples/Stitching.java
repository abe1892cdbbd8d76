package org.picket.model.samples;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;

/// Makes animations of still pictures of one size: APNG (W3C PNG, third edition) and animated WebP (RFC 9649).
final class Stitching {
    private static final int PNG_SIGNATURE = 8;
    private static final int PNG_ENVELOPE = 12;
    private static final int RIFF_HEAD = 12;
    private static final int MILLIS_A_SECOND = 1_000;

    private Stitching() {}

    /// @param pngs the frames, none of them interlaced, all with the same colours
    static byte[] apng(List<byte[]> pngs, int millis) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        byte[] first = pngs.getFirst();
        int head = PNG_SIGNATURE + PNG_ENVELOPE + 13;
        file.write(first, 0, head);
        pngChunk(
                file,
                "acTL",
                ByteBuffer.allocate(8).putInt(pngs.size()).putInt(0).array());
        ByteBuffer sides = ByteBuffer.wrap(first, PNG_SIGNATURE + 8, 8);
        int width = sides.getInt();
        int height = sides.getInt();
        int sequence = 0;
        for (int frame = 0; frame < pngs.size(); frame++) {
            ByteBuffer control =
                    ByteBuffer.allocate(26).putInt(sequence++).putInt(width).putInt(height);
            control.putInt(0).putInt(0).putShort((short) millis).putShort((short) MILLIS_A_SECOND);
            pngChunk(file, "fcTL", control.array());
            byte[] data = pixels(pngs.get(frame));
            if (frame == 0) {
                pngChunk(file, "IDAT", data);
            } else {
                pngChunk(
                        file,
                        "fdAT",
                        ByteBuffer.allocate(4 + data.length)
                                .putInt(sequence++)
                                .put(data)
                                .array());
            }
        }
        pngChunk(file, "IEND", new byte[0]);
        return file.toByteArray();
    }

    private static byte[] pixels(byte[] png) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        int length;
        for (int at = PNG_SIGNATURE; at < png.length; at += PNG_ENVELOPE + length) {
            length = ByteBuffer.wrap(png, at, 4).getInt();
            if (new String(png, at + 4, 4, StandardCharsets.US_ASCII).equals("IDAT")) {
                data.write(png, at + 8, length);
            }
        }
        return data.toByteArray();
    }

    private static void pngChunk(ByteArrayOutputStream file, String type, byte[] body) {
        byte[] typed = ByteBuffer.allocate(4 + body.length)
                .put(type.getBytes(StandardCharsets.US_ASCII))
                .put(body)
                .array();
        CRC32 crc = new CRC32();
        crc.update(typed);
        file.writeBytes(ByteBuffer.allocate(4).putInt(body.length).array());
        file.writeBytes(typed);
        file.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    /// @param webps the frames, in the simple format
    static byte[] webp(List<byte[]> webps, int width, int height, int millis) {
        ByteArrayOutputStream chunks = new ByteArrayOutputStream();
        chunks.writeBytes("WEBP".getBytes(StandardCharsets.US_ASCII));
        riffChunk(chunks, "VP8X", sides(little(10).putInt(2), width, height).array());
        riffChunk(chunks, "ANIM", new byte[6]);
        for (byte[] webp : webps) {
            ByteBuffer frame = sides(little(16 + webp.length - RIFF_HEAD).put(new byte[6]), width, height);
            frame.put((byte) millis).put((byte) (millis >> 8)).put((byte) 0).put((byte) 0);
            frame.put(webp, RIFF_HEAD, webp.length - RIFF_HEAD);
            riffChunk(chunks, "ANMF", frame.array());
        }
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        riffChunk(file, "RIFF", chunks.toByteArray());
        return file.toByteArray();
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteBuffer sides(ByteBuffer to, int width, int height) {
        for (int side : new int[] {width - 1, height - 1}) {
            to.put((byte) side).put((byte) (side >> 8)).put((byte) (side >> 16));
        }
        return to;
    }

    private static void riffChunk(ByteArrayOutputStream file, String type, byte[] body) {
        file.writeBytes(type.getBytes(StandardCharsets.US_ASCII));
        file.writeBytes(little(4).putInt(body.length).array());
        file.writeBytes(body);
        if (body.length % 2 != 0) {
            file.write(0);
        }
    }
}
