package org.picket.crawler.image.structure;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Boxes of ISO media files, written, found and changed by hand.
final class Boxes {

    private Boxes() {}

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[] box(String type, byte[]... body) {
        byte[] inside = join(body);
        return join(ByteBuffer.allocate(4).putInt(8 + inside.length).array(), ascii(type), inside);
    }

    static int find(byte[] file, String type) {
        return new String(file, StandardCharsets.ISO_8859_1).indexOf(type);
    }

    static int findLast(byte[] file, String type) {
        return new String(file, StandardCharsets.ISO_8859_1).lastIndexOf(type);
    }

    /// Puts a box at the end of the innermost of the boxes named, each inside the one before.
    static byte[] insert(byte[] file, byte[] added, String... path) {
        byte[] grown = file.clone();
        int end = file.length;
        int from = 0;
        for (String type : path) {
            int at = from + find(Arrays.copyOfRange(file, from, end), type) - 4;
            ByteBuffer sizes = ByteBuffer.wrap(grown);
            end = at + sizes.getInt(at);
            sizes.putInt(at, sizes.getInt(at) + added.length);
            from = at + 8;
        }
        return join(Arrays.copyOf(grown, end), added, Arrays.copyOfRange(grown, end, grown.length));
    }

    static byte[] copyOf(byte[] file, String type) {
        int at = find(file, type) - 4;
        return Arrays.copyOfRange(file, at, at + ByteBuffer.wrap(file).getInt(at));
    }

    static byte[] replace(byte[] file, String type, String other) {
        byte[] changed = file.clone();
        System.arraycopy(ascii(other), 0, changed, findLast(file, type), 4);
        return changed;
    }
}
