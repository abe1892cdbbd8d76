package org.picket.proto.seal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class NativeEd25519Test {
    /// Order of the base point.
    private static final BigInteger ORDER =
            BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

    /// Points of order 1, 2, 4 and 8, and encodings of them beyond the field's prime.
    private static final String[] SMALL = {
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
    };

    private final Random random = new Random(11);

    @BeforeAll
    static void loadIt() {
        boolean windows = System.getProperty("os.name").startsWith("Windows");
        assertEquals(!windows, NativeEd25519.load(), "native signatures are there on all platforms but Windows");
    }

    private SigningKey key() {
        byte[] seed = new byte[SigningKey.SEED_LENGTH];
        random.nextBytes(seed);
        return SigningKey.ofSeed(seed);
    }

    private byte[] message(int length) {
        byte[] message = new byte[length];
        random.nextBytes(message);
        return message;
    }

    /// Has both say the same.
    private static boolean verifies(VerifyingKey key, byte[] message, byte[] signature) {
        boolean inJava = key.verifiesInJava(message, signature);
        assertEquals(inJava, key.verifies(message, signature));
        return inJava;
    }

    @Test
    void bothMakeTheSameSignatures() {
        for (int length = 0; length < 300; length += 7) {
            SigningKey key = key();
            byte[] message = message(length);
            byte[] signature = key.sign(message);

            assertArrayEquals(key.signInJava(message), signature);
            assertTrue(verifies(key.verifyingKey(), message, signature));
            assertFalse(verifies(key().verifyingKey(), message, signature));
        }
    }

    @Test
    void bothNoticeEveryFlippedBit() {
        SigningKey key = key();
        byte[] message = message(100);
        byte[] signature = key.sign(message);
        for (int bit = 0; bit < signature.length * Byte.SIZE; bit++) {
            byte[] flipped = signature.clone();
            flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            assertFalse(verifies(key.verifyingKey(), message, flipped));
        }
        for (int bit = 0; bit < message.length * Byte.SIZE; bit++) {
            byte[] flipped = message.clone();
            flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            assertFalse(verifies(key.verifyingKey(), flipped, signature));
        }
        assertTrue(verifies(key.verifyingKey(), message, signature));
    }

    @Test
    void bothRefuseASecondSpellingOfTheScalar() {
        SigningKey key = key();
        byte[] message = message(40);
        byte[] signature = key.sign(message);
        BigInteger scalar = scalar(signature);
        for (BigInteger other = scalar.add(ORDER); other.bitLength() <= 256; other = other.add(ORDER)) {
            assertFalse(verifies(key.verifyingKey(), message, withScalar(signature, other)));
        }
        assertFalse(verifies(key.verifyingKey(), message, withScalar(signature, ORDER)));
        assertTrue(verifies(key.verifyingKey(), message, withScalar(signature, scalar)));
    }

    @Test
    void bothRefusePointsOfSmallOrder() {
        SigningKey key = key();
        byte[] message = message(40);
        byte[] signature = key.sign(message);
        for (String small : SMALL) {
            byte[] point = HexFormat.of().parseHex(small);
            assertThrows(IllegalArgumentException.class, () -> VerifyingKey.of(ByteString.copyFrom(point)));
            byte[] forged = signature.clone();
            System.arraycopy(point, 0, forged, 0, point.length);
            assertFalse(verifies(key.verifyingKey(), message, forged));
            assertFalse(verifies(key.verifyingKey(), message, withScalar(forged, BigInteger.ZERO)));
        }
    }

    @Test
    void signaturesOfAnyOtherLengthAreRefused() {
        SigningKey key = key();
        byte[] message = message(10);
        for (int length : new int[] {0, 1, 32, 63, 65, 128}) {
            assertFalse(key.verifyingKey().verifies(message, new byte[length]));
        }
    }

    @Test
    void anySignatureIsMadeWhereManyAreMadeAtOnce() throws InterruptedException {
        SigningKey key = key();
        byte[] message = message(200);
        byte[] expected = key.signInJava(message);
        Thread[] threads = new Thread[8];
        boolean[] right = new boolean[threads.length];
        for (int i = 0; i < threads.length; i++) {
            int own = i;
            threads[i] = Thread.ofPlatform().start(() -> {
                right[own] = true;
                for (int turn = 0; turn < 300; turn++) {
                    right[own] &= Arrays.equals(expected, key.sign(message))
                            && key.verifyingKey().verifies(message, expected);
                }
            });
        }
        for (int i = 0; i < threads.length; i++) {
            threads[i].join();
            assertTrue(right[i]);
        }
    }

    @Test
    void damagedKeysHaveNoAnswer() {
        assertEquals(Optional.empty(), NativeEd25519.signing(() -> new byte[3]).sign(new byte[1]));
    }

    private static BigInteger scalar(byte[] signature) {
        byte[] bigEndian = new byte[32];
        for (int i = 0; i < 32; i++) {
            bigEndian[i] = signature[63 - i];
        }
        return new BigInteger(1, bigEndian);
    }

    private static byte[] withScalar(byte[] signature, BigInteger scalar) {
        byte[] changed = signature.clone();
        for (int i = 0; i < 32; i++) {
            changed[32 + i] = scalar.shiftRight(Byte.SIZE * i).byteValue();
        }
        return changed;
    }
}
