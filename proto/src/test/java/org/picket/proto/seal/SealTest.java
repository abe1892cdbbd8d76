package org.picket.proto.seal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.picket.proto.v1.Sealed;
import org.picket.proto.v1.VerdictStatement;

class SealTest {
    private final SigningKey key = SigningKey.generate(new SecureRandom());
    private final VerdictStatement statement =
            VerdictStatement.newBuilder().setShardId(7).setTo(64).build();

    @Test
    void sealedStatementOpensToWhatWasSealed() {
        Opened<VerdictStatement> opened = open(SealKind.VERDICT, key.seal(SealKind.VERDICT, statement));
        assertEquals(
                statement,
                assertInstanceOf(Opened.Valid.class, opened).statement(),
                "what was sealed and what was opened differ");
    }

    @Test
    void everyFlippedBitIsNoticed() {
        Sealed sealed = key.seal(SealKind.VERDICT, statement);
        byte[] bytes = sealed.getStatement().toByteArray();
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Sealed changed = sealed.toBuilder()
                    .setStatement(ByteString.copyFrom(flipped))
                    .build();
            assertEquals(new Opened.Invalid<>(Opened.Reason.BAD_SIGNATURE), open(SealKind.VERDICT, changed));
        }
    }

    @Test
    void signatureOfOneKindDoesNotServeAnother() {
        Sealed sealed = key.seal(SealKind.RECEIPT, statement);
        assertEquals(new Opened.Invalid<>(Opened.Reason.BAD_SIGNATURE), open(SealKind.VERDICT, sealed));
    }

    @Test
    void unknownKeyIsNamedAsSuch() {
        Sealed sealed = SigningKey.generate(new SecureRandom()).seal(SealKind.VERDICT, statement);
        assertEquals(new Opened.Invalid<>(Opened.Reason.UNKNOWN_KEY), open(SealKind.VERDICT, sealed));
    }

    /// Test 2 of RFC 8032, section 7.1.
    @Test
    void signaturesAreThoseOfTheStandard() {
        SigningKey published = SigningKey.ofSeed(
                HexFormat.of().parseHex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
        byte[] signature = published.sign(new byte[] {0x72});
        assertEquals(
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
                HexFormat.of().formatHex(signature));
        assertTrue(published.verifyingKey().verifies(new byte[] {0x72}, signature));
        assertFalse(published.verifyingKey().verifies(new byte[] {0x73}, signature));
    }

    @Test
    void wrongLengthsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> SigningKey.ofSeed(new byte[31]));
        assertThrows(IllegalArgumentException.class, () -> VerifyingKey.of(ByteString.copyFrom(new byte[33])));
        assertFalse(key.verifyingKey().verifies(new byte[1], new byte[63]));
    }

    private Opened<VerdictStatement> open(SealKind kind, Sealed sealed) {
        return Opened.open(
                kind,
                sealed,
                VerdictStatement.parser(),
                id -> id.equals(key.verifyingKey().id()) ? Optional.of(key.verifyingKey()) : Optional.empty(),
                1_024);
    }
}
