package org.picket.proto.relay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Agreement and derivation, held against the vectors that the standards publish.
class FrameKeyTest {
    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    /// RFC 7748, section 6.1.
    @Test
    void agreementIsThatOfTheStandard() {
        StreamKey alice = StreamKey.of(hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"));
        StreamKey bob = StreamKey.of(hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"));
        assertEquals(
                ByteString.fromHex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"), alice.raw());
        assertEquals(ByteString.fromHex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"), bob.raw());
        byte[] secret = hex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
        assertArrayEquals(secret, alice.agree(bob.raw()));
        assertArrayEquals(secret, bob.agree(alice.raw()));
    }

    /// Points that give the same secret to everybody: 0, 1, and one of order 8.
    @Test
    void keysOfSmallOrderAreRefused() {
        StreamKey own = StreamKey.of(hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"));
        for (String small : List.of(
                "00".repeat(32),
                "01" + "00".repeat(31),
                "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")) {
            ByteString other = ByteString.fromHex(small);
            assertThrows(IllegalArgumentException.class, () -> own.agree(other));
        }
        assertThrows(IllegalArgumentException.class, () -> own.agree(ByteString.copyFrom(new byte[31])));
    }

    /// RFC 5869, A.1 and A.3.
    @Test
    void derivationIsThatOfTheStandard() {
        assertArrayEquals(
                hex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"),
                FrameKey.expand(
                        hex("0b".repeat(22)), hex("000102030405060708090a0b0c"), hex("f0f1f2f3f4f5f6f7f8f9"), 42));
        assertArrayEquals(
                hex("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"),
                FrameKey.expand(hex("0b".repeat(22)), new byte[0], new byte[0], 42));
    }
}
