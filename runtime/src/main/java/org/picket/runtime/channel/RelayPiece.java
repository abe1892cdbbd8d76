package org.picket.runtime.channel;

import java.util.concurrent.atomic.AtomicBoolean;
import org.picket.proto.v1.RelayPart;

/// One message of a relay's streams: what `picket.v1.RelayPart` says, with frames outside the generated class,
/// which would copy them.
public sealed interface RelayPiece {

    /// A sealed frame.
    ///
    /// Whoever holds it last calls [#release], after which nobody may touch the array; sending it does so.
    final class Frame implements RelayPiece {
        private final byte[] array;
        private final int length;
        private final boolean last;
        private final FramePool pool;
        private final AtomicBoolean released = new AtomicBoolean();

        Frame(byte[] array, int length, boolean last, FramePool pool) {
            this.array = array;
            this.length = length;
            this.last = last;
            this.pool = pool;
        }

        byte[] array() {
            return array;
        }

        /// Bytes of ciphertext and tag.
        public int length() {
            return length;
        }

        /// Whether the sender says that no other follows; sealed along.
        public boolean last() {
            return last;
        }

        /// Gives the array back for another frame to come. May be called again.
        public void release() {
            if (released.compareAndSet(false, true)) {
                pool.give(array);
            }
        }

        @Override
        public String toString() {
            return "Frame[" + length + " bytes]";
        }
    }

    /// Anything else.
    record Word(RelayPart part) implements RelayPiece {}
}
