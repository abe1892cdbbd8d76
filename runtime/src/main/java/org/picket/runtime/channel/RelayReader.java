package org.picket.runtime.channel;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.picket.proto.limit.Limits;
import org.picket.proto.v1.RelayPart;

/// Reads one part of a relay's stream as any protobuf writer may have written it. The length of a frame is
/// checked before an array is made for it; what is no frame is small.
final class RelayReader {
    static final int LAST_TAG = RelayPart.LAST_FIELD_NUMBER << WireTag.TYPE_BITS | WireTag.VARINT;
    static final int FRAME_TAG = RelayPart.FRAME_FIELD_NUMBER << WireTag.TYPE_BITS | WireTag.BYTES;

    private static final int MOST_WORD_BYTES = 64 * 1_024;
    private static final int MOST_VARINT_BYTES = 10;
    private static final int VARINT_MORE = 0x80;

    private RelayReader() {}

    static RelayPiece read(InputStream in, FramePool pool) throws IOException {
        int first = in.read();
        if (first != LAST_TAG && first != FRAME_TAG) {
            return word(first, in);
        }
        boolean last = false;
        byte[] array = new byte[0];
        int length = -1;
        for (int tag = first; tag >= 0; tag = in.read()) {
            if (tag == LAST_TAG) {
                last = varint(in) != 0;
            } else if (tag == FRAME_TAG && length < 0) {
                long announced = varint(in);
                if (announced < 0 || announced > Limits.RELAY_PART_BYTES) {
                    throw new IOException("a frame of " + announced + " bytes is beyond the limit");
                }
                length = (int) announced;
                array = pool.take(length);
                if (in.readNBytes(array, 0, length) != length) {
                    throw new IOException("a frame ended early");
                }
            } else {
                throw new IOException("a frame with something beside it");
            }
        }
        if (length < 0) {
            throw new IOException("a part of no known kind");
        }
        return new RelayPiece.Frame(array, length, last, pool);
    }

    private static RelayPiece word(int first, InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (first >= 0) {
            bytes.write(first);
            bytes.writeBytes(in.readNBytes(MOST_WORD_BYTES));
        }
        if (bytes.size() > MOST_WORD_BYTES) {
            throw new IOException("a part of more than " + MOST_WORD_BYTES + " bytes that is no frame");
        }
        return new RelayPiece.Word(RelayPart.parseFrom(bytes.toByteArray()));
    }

    private static long varint(InputStream in) throws IOException {
        byte[] bytes = new byte[MOST_VARINT_BYTES];
        for (int at = 0; at < MOST_VARINT_BYTES; at++) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("a part ended early");
            }
            bytes[at] = (byte) next;
            if ((next & VARINT_MORE) == 0) {
                return CodedInputStream.newInstance(bytes, 0, at + 1).readRawVarint64();
            }
        }
        throw new IOException("a number of more than ten bytes");
    }

    /// What stands before a frame on the wire.
    static byte[] head(RelayPiece.Frame frame) {
        ByteString.Output out = ByteString.newOutput();
        if (frame.last()) {
            out.write(LAST_TAG);
            out.write(1);
        }
        out.write(FRAME_TAG);
        int rest = frame.length();
        while (rest >= VARINT_MORE) {
            out.write(rest & (VARINT_MORE - 1) | VARINT_MORE);
            rest >>>= Byte.SIZE - 1;
        }
        out.write(rest);
        return out.toByteString().toByteArray();
    }
}
