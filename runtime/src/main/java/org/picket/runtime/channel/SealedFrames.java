package org.picket.runtime.channel;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import org.picket.proto.relay.FrameCipher;

/// Frames of a views stream, sealed for the relay and opened behind it. For one thread at a time.
public final class SealedFrames {
    private static final byte[] NOTHING = new byte[0];

    /// Arrays that a receiver keeps, as with views that come directly.
    private static final int POOLED_VIEWS = 256;

    private static final PixelPool PIXELS = new PixelPool(POOLED_VIEWS);

    private final FrameCipher cipher;
    private byte[] plain = NOTHING;

    /// @param cipher of the stream, used by this alone
    public SealedFrames(FrameCipher cipher) {
        this.cipher = cipher;
    }

    /// Whether the last frame has passed.
    public boolean over() {
        return cipher.over();
    }

    /// Seals the next frame; an end is the last.
    public RelayPiece.Frame seal(ViewFrame frame) {
        FrameStream stream = new FrameStream(frame);
        int length = stream.available() + FrameCipher.TAG_BYTES;
        byte[] array = RelayWire.pool().take(length);
        boolean last = frame instanceof ViewFrame.End;
        int written = cipher.seal(stream.header(), stream.pixels(), last, array);
        return new RelayPiece.Frame(array, written, last, RelayWire.pool());
    }

    /// Opens the next frame and gives its array back.
    ///
    /// @throws GeneralSecurityException where it is not what was sealed as the next one
    /// @throws IOException where what was sealed is no views message, or an end that is not the last
    public ViewFrame open(RelayPiece.Frame sealed) throws GeneralSecurityException, IOException {
        try {
            if (plain.length < sealed.length()) {
                plain = new byte[sealed.length()];
            }
            int length = cipher.open(sealed.array(), sealed.length(), sealed.last(), plain);
            ViewFrame frame = FrameReader.read(new ByteArrayInputStream(plain, 0, length), PIXELS);
            if (frame instanceof ViewFrame.End != sealed.last()) {
                throw new IOException("a stream's end is not its last frame");
            }
            return frame;
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        } finally {
            sealed.release();
        }
    }
}
