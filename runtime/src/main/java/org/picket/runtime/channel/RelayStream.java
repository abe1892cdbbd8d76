package org.picket.runtime.channel;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// A sealed frame on its way to the transport, which drains it into its own buffer and closes it.
final class RelayStream extends InputStream implements Drainable, KnownLength {
    private final RelayPiece.Frame frame;
    private final byte[] head;
    private int position;

    RelayStream(RelayPiece.Frame frame) {
        this.frame = frame;
        this.head = RelayReader.head(frame);
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
        int sent = available();
        int fromHead = Math.min(position, head.length);
        target.write(head, fromHead, head.length - fromHead);
        int fromFrame = Math.max(0, position - head.length);
        target.write(frame.array(), fromFrame, frame.length() - fromFrame);
        position = head.length + frame.length();
        return sent;
    }

    @Override
    public int available() {
        return head.length + frame.length() - position;
    }

    @Override
    public int read() {
        if (available() == 0) {
            return -1;
        }
        byte value = position < head.length ? head[position] : frame.array()[position - head.length];
        position++;
        return Byte.toUnsignedInt(value);
    }

    @Override
    public void close() {
        position = head.length + frame.length();
        frame.release();
    }
}
