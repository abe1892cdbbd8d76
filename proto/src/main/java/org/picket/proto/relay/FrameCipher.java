package org.picket.proto.relay;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/// Seals the frames of one stream, or opens them, in order: AES-256-GCM, the number of the frame as nonce,
/// number and "last" as associated data. A frame that is changed, left out, put elsewhere or sent twice does
/// not open, and a stream that is cut short has no last frame.
///
/// For one thread at a time.
public final class FrameCipher {
    /// Bytes that a sealed frame has beyond what is in it.
    public static final int TAG_BYTES = 16;

    private static final int NONCE_BYTES = 12;
    private static final int ASSOCIATED_BYTES = Long.BYTES + 1;

    private final Cipher cipher;
    private final int mode;
    private final FrameKey key;
    private final byte[] nonce = new byte[NONCE_BYTES];
    private final byte[] associated = new byte[ASSOCIATED_BYTES];
    private long next;
    private boolean over;

    private FrameCipher(FrameKey key, int mode) {
        this.key = key;
        this.mode = mode;
        try {
            this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no AES-GCM", e);
        }
    }

    /// For the sender.
    public static FrameCipher sealing(FrameKey key) {
        return new FrameCipher(key, Cipher.ENCRYPT_MODE);
    }

    /// For the receiver.
    public static FrameCipher opening(FrameKey key) {
        return new FrameCipher(key, Cipher.DECRYPT_MODE);
    }

    /// Whether the last frame has passed.
    public boolean over() {
        return over;
    }

    /// Seals the next frame.
    ///
    /// @param head the frame's beginning
    /// @param rest the rest of it
    /// @param last whether no other follows
    /// @param target holds at least [#TAG_BYTES] more than both
    /// @return bytes written from the target's beginning
    public int seal(byte[] head, byte[] rest, boolean last, byte[] target) {
        try {
            begin(last);
            int written = cipher.update(head, 0, head.length, target, 0);
            written += cipher.doFinal(rest, 0, rest.length, target, written);
            passed(last);
            return written;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a frame cannot be sealed", e);
        }
    }

    /// Opens the next frame.
    ///
    /// @param target holds at least as much as the sealed frame
    /// @return bytes written from the target's beginning
    /// @throws GeneralSecurityException where it is not the frame that the sender sealed as the next one; the
    /// stream is to be given up
    public int open(byte[] sealed, int length, boolean last, byte[] target) throws GeneralSecurityException {
        begin(last);
        int written = cipher.doFinal(sealed, 0, length, target, 0);
        passed(last);
        return written;
    }

    private void begin(boolean last) throws GeneralSecurityException {
        if (over) {
            throw new GeneralSecurityException("a frame after the last one");
        }
        ByteBuffer.wrap(nonce).putLong(NONCE_BYTES - Long.BYTES, next);
        ByteBuffer.wrap(associated).putLong(next).put((byte) (last ? 1 : 0));
        cipher.init(mode, key.key(), new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
        cipher.updateAAD(associated);
    }

    private void passed(boolean last) {
        next = Math.incrementExact(next);
        over = last;
    }
}
