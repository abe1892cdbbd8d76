package org.picket.crawler.match;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/// A PDQ hash: 256 bits. Bit k of the algorithm is bit `k % 64` of the part `k / 64`, so that `third` leads
/// when it is written down.
///
/// @param zeroth bits 0 to 63
/// @param first bits 64 to 127
/// @param second bits 128 to 191
/// @param third bits 192 to 255
public record PdqHash(long zeroth, long first, long second, long third) {
    public static final int BITS = 256;

    /// As 32 bytes, bit 255 first.
    public static final int BYTES = BITS / Byte.SIZE;

    /// From 64 hexadecimal digits of either case.
    ///
    /// @throws IllegalArgumentException for anything else
    public static PdqHash parse(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a PDQ hash has " + 2 * BYTES + " hexadecimal digits");
        }
        return of(bytes);
    }

    /// From 32 bytes.
    public static PdqHash of(byte[] bytes) {
        return read(ByteBuffer.wrap(bytes));
    }

    /// Takes the next 32 bytes.
    public static PdqHash read(ByteBuffer bytes) {
        long third = bytes.getLong();
        long second = bytes.getLong();
        long first = bytes.getLong();
        return new PdqHash(bytes.getLong(), first, second, third);
    }

    public void write(ByteBuffer into) {
        into.putLong(third).putLong(second).putLong(first).putLong(zeroth);
    }

    public byte[] toByteArray() {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        write(bytes);
        return bytes.array();
    }

    /// 64 lower-case hexadecimal digits.
    public String hex() {
        return HexFormat.of().formatHex(toByteArray());
    }

    /// In how many bits the two differ: 0 to 256. Unrelated pictures are 128 apart, give or take.
    public int distance(PdqHash other) {
        return Long.bitCount(zeroth ^ other.zeroth)
                + Long.bitCount(first ^ other.first)
                + Long.bitCount(second ^ other.second)
                + Long.bitCount(third ^ other.third);
    }

    /// Names no hash, whatever it is printed into.
    @Override
    public String toString() {
        return "PdqHash";
    }
}
