package org.picket.runtime.channel;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.picket.proto.limit.Limits;
import org.picket.proto.v1.ViewChunk;

/// Reads one frame as any protobuf writer may have written it: fields in any order, unknown ones passed over,
/// the last of a repeated one counting. The length of pixels is checked before an array is made for them.
final class FrameReader {
    private static final int MAX_PIXELS = Limits.VIEW_SIZE * Limits.VIEW_SIZE * 3;
    private static final int VARINT_BITS = 7;
    private static final int VARINT_MASK = 0x7f;
    private static final int MAX_VARINT_SHIFT = 63;
    private static final int FIXED_64_BYTES = 8;
    private static final int FIXED_32_BYTES = 4;

    private final InputStream in;
    private final PixelPool pool;
    /// Bytes read of the message so far.
    private int position;

    private FrameReader(InputStream in, PixelPool pool) {
        this.in = in;
        this.pool = pool;
    }

    static ViewFrame read(InputStream in, PixelPool pool) throws IOException {
        return new FrameReader(in, pool).message();
    }

    private ViewFrame message() throws IOException {
        Optional<ViewFrame> frame = Optional.empty();
        for (int first = in.read(); first >= 0; first = in.read()) {
            position++;
            int tag = (int) varint(first);
            if (tag == WireTag.CHUNK) {
                frame = Optional.of(chunk(end()));
            } else if (tag == WireTag.SEGMENT) {
                int[] numbers = numbers(end(), WireTag.SEGMENT_FROM, WireTag.SEGMENT_TO);
                frame = Optional.of(new ViewFrame.Segment(numbers[0], numbers[1]));
            } else if (tag == WireTag.END) {
                frame = Optional.of(new ViewFrame.End(numbers(end(), WireTag.END_OBJECTS)[0]));
            } else {
                skip(tag);
            }
        }
        return frame.orElseThrow(() -> new IOException("a view message of no known kind"));
    }

    private ViewFrame.Chunk chunk(int end) throws IOException {
        int ordinal = 0;
        int view = 0;
        byte[] pixels = new byte[0];
        while (position < end) {
            int tag = (int) varint();
            if (tag == WireTag.CHUNK_ORDINAL) {
                ordinal = (int) varint();
            } else if (tag == WireTag.CHUNK_VIEW) {
                view = (int) varint();
            } else if (tag == WireTag.CHUNK_ENCODING) {
                int encoding = (int) varint();
                if (encoding != ViewChunk.Encoding.RGB_VALUE) {
                    throw new IOException("views of encoding " + encoding + " are not known here");
                }
            } else if (tag == WireTag.CHUNK_PIXELS) {
                pixels = pixels((int) varint(), end);
            } else {
                skip(tag);
            }
        }
        closed(end);
        return new ViewFrame.Chunk(ordinal, view, Pixels.pooled(pixels, pool));
    }

    private byte[] pixels(int length, int end) throws IOException {
        if (length < 0 || length > MAX_PIXELS || length > end - position) {
            throw new IOException("a view of " + length + " bytes is beyond its message or the limit");
        }
        byte[] pixels = pool.take(length);
        if (in.readNBytes(pixels, 0, length) != length) {
            throw new IOException("a view ended early");
        }
        position += length;
        return pixels;
    }

    private int[] numbers(int end, int... tags) throws IOException {
        int[] numbers = new int[tags.length];
        while (position < end) {
            int tag = (int) varint();
            boolean known = false;
            for (int i = 0; i < tags.length; i++) {
                if (tags[i] == tag) {
                    numbers[i] = (int) varint();
                    known = true;
                }
            }
            if (!known) {
                skip(tag);
            }
        }
        closed(end);
        return numbers;
    }

    /// Reads the length of a part and tells where it ends.
    private int end() throws IOException {
        long length = varint();
        if (length < 0 || length > Limits.MESSAGE_BYTES) {
            throw new IOException("a part of " + length + " bytes is beyond the limit");
        }
        return position + (int) length;
    }

    private void closed(int end) throws IOException {
        if (position != end) {
            throw new IOException("a field reaches over the end of its message");
        }
    }

    private void skip(int tag) throws IOException {
        long length = switch (tag & WireTag.TYPE_MASK) {
            case WireTag.VARINT -> {
                varint();
                yield 0;
            }
            case WireTag.FIXED_64 -> FIXED_64_BYTES;
            case WireTag.FIXED_32 -> FIXED_32_BYTES;
            case WireTag.BYTES -> varint();
            default -> throw new IOException("a field of unknown type");
        };
        if (length < 0 || length > Limits.MESSAGE_BYTES) {
            throw new IOException("a field of " + length + " bytes is beyond the limit");
        }
        in.skipNBytes(length);
        position += (int) length;
    }

    private long varint() throws IOException {
        int first = in.read();
        position++;
        return varint(first);
    }

    private long varint(int first) throws IOException {
        long value = 0;
        int next = first;
        for (int shift = 0; shift <= MAX_VARINT_SHIFT; shift += VARINT_BITS) {
            if (next < 0) {
                throw new IOException("a view message ended early");
            }
            value |= (long) (next & VARINT_MASK) << shift;
            if (next <= VARINT_MASK) {
                return value;
            }
            next = in.read();
            position++;
        }
        throw new IOException("a number of more than ten bytes");
    }
}
