package org.picket.runtime.channel;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/// A frame on its way to the transport. A socket transport drains it: header and pixels go straight into the
/// transport's buffer. The in-process transport hands this very object to the receiver's marshaller, which
/// takes the frame out of it: no byte is copied.
final class FrameStream extends InputStream implements Drainable, KnownLength {
    /// The longest header: two tags and lengths around three numbers.
    private static final int MAX_HEADER = 40;

    private static final int VARINT_BITS = 7;
    private static final int VARINT_MASK = 0x7f;
    private static final int VARINT_MORE = 0x80;
    private static final byte[] NO_PIXELS = new byte[0];

    private final ViewFrame frame;
    private final byte[] pixels;
    private final byte[] header;
    private int position;

    FrameStream(ViewFrame frame) {
        this.frame = frame;
        this.pixels = switch (frame) {
            case ViewFrame.Chunk chunk -> chunk.pixels().array();
            case ViewFrame.Segment segment -> NO_PIXELS;
            case ViewFrame.End end -> NO_PIXELS;
        };
        this.header = header(frame);
    }

    ViewFrame frame() {
        return frame;
    }

    /// What stands before the pixels.
    byte[] header() {
        return header;
    }

    /// None in a frame that is no chunk.
    byte[] pixels() {
        return pixels;
    }

    private static byte[] header(ViewFrame frame) {
        byte[] fields = new byte[MAX_HEADER];
        int[] at = new int[1];
        int tag = switch (frame) {
            case ViewFrame.Chunk chunk -> {
                number(fields, at, WireTag.CHUNK_ORDINAL, chunk.ordinal());
                number(fields, at, WireTag.CHUNK_VIEW, chunk.view());
                if (chunk.pixels().length() > 0) {
                    varint(fields, at, WireTag.CHUNK_PIXELS);
                    varint(fields, at, chunk.pixels().length());
                }
                yield WireTag.CHUNK;
            }
            case ViewFrame.Segment segment -> {
                number(fields, at, WireTag.SEGMENT_FROM, segment.from());
                number(fields, at, WireTag.SEGMENT_TO, segment.to());
                yield WireTag.SEGMENT;
            }
            case ViewFrame.End end -> {
                number(fields, at, WireTag.END_OBJECTS, end.objects());
                yield WireTag.END;
            }
        };
        int body = switch (frame) {
            case ViewFrame.Chunk chunk -> at[0] + chunk.pixels().length();
            case ViewFrame.Segment segment -> at[0];
            case ViewFrame.End end -> at[0];
        };
        byte[] header = new byte[MAX_HEADER];
        int[] end = new int[1];
        varint(header, end, tag);
        varint(header, end, body);
        System.arraycopy(fields, 0, header, end[0], at[0]);
        return Arrays.copyOf(header, end[0] + at[0]);
    }

    /// Zero is the default of a number, and defaults are not sent.
    private static void number(byte[] target, int[] at, int tag, int value) {
        if (value != 0) {
            varint(target, at, tag);
            varint(target, at, value);
        }
    }

    private static void varint(byte[] target, int[] at, int value) {
        int rest = value;
        while ((rest & ~VARINT_MASK) != 0) {
            target[at[0]++] = (byte) (rest & VARINT_MASK | VARINT_MORE);
            rest >>>= VARINT_BITS;
        }
        target[at[0]++] = (byte) rest;
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
        int sent = available();
        int fromHeader = Math.min(position, header.length);
        target.write(header, fromHeader, header.length - fromHeader);
        int fromPixels = Math.max(0, position - header.length);
        target.write(pixels, fromPixels, pixels.length - fromPixels);
        position = header.length + pixels.length;
        return sent;
    }

    @Override
    public int available() {
        return header.length + pixels.length - position;
    }

    @Override
    public int read() {
        if (available() == 0) {
            return -1;
        }
        byte value = position < header.length ? header[position] : pixels[position - header.length];
        position++;
        return Byte.toUnsignedInt(value);
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        if (available() == 0) {
            return -1;
        }
        boolean inHeader = position < header.length;
        byte[] from = inHeader ? header : pixels;
        int start = inHeader ? position : position - header.length;
        int count = Math.min(length, from.length - start);
        System.arraycopy(from, start, target, offset, count);
        position += count;
        return count;
    }
}
