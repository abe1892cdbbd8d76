package org.picket.coordinator.shard;

import java.util.Arrays;

/// Rulings at 2 bits an object, the first object in the low bits of the first byte. Immutable.
public final class RulingBits {
    /// No object.
    public static final RulingBits EMPTY = new RulingBits(new byte[0], 0);

    private static final int PER_BYTE = 4;
    private static final int MASK = 3;

    private final byte[] bits;
    private final int size;

    /// What became of an object. Known and gone objects need no look again, as cleared ones.
    public enum Mark {
        CLEARED,
        FLAGGED,
        INCONCLUSIVE,
        PASSED,
        /// Not ruled yet: a follow-up has it. Kept as INCONCLUSIVE.
        WAITING;

        private int bits() {
            return this == WAITING ? INCONCLUSIVE.ordinal() : ordinal();
        }
    }

    private RulingBits(byte[] bits, int size) {
        this.bits = bits;
        this.size = size;
    }

    /// Reads what [#toByteArray] gave.
    public static RulingBits of(byte[] bits, int size) {
        if (bits.length != (size + PER_BYTE - 1) / PER_BYTE) {
            throw new IllegalArgumentException(bits.length + " bytes do not hold " + size + " rulings");
        }
        return new RulingBits(bits.clone(), size);
    }

    /// These and then those.
    public RulingBits plus(Mark[] marks) {
        byte[] longer = Arrays.copyOf(bits, (size + marks.length + PER_BYTE - 1) / PER_BYTE);
        for (int i = 0; i < marks.length; i++) {
            int at = size + i;
            longer[at / PER_BYTE] |= (byte) (marks[i].bits() << (at % PER_BYTE * 2));
        }
        return new RulingBits(longer, size + marks.length);
    }

    /// How many objects.
    public int size() {
        return size;
    }

    /// The ruling of one object.
    public Mark at(int index) {
        return Mark.values()[bits[index / PER_BYTE] >> (index % PER_BYTE * 2) & MASK];
    }

    /// Packed.
    public byte[] toByteArray() {
        return bits.clone();
    }
}
