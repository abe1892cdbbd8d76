package org.picket.coordinator.ledger;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.picket.proto.seal.Digest;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.seal.VerifyingKey;

class CheckpointTest {
    private static final String ORIGIN = "example.org/ledger";
    private static final SigningKey KEY = key(1);
    private static final SigningKey OTHER = key(2);
    private static final Checkpoint CHECKPOINT = new Checkpoint(ORIGIN, 42, Digest.of(new byte[] {1, 2, 3}));

    @Test
    void noteHasTheLinesOfTheFormat() {
        List<String> lines = CHECKPOINT.sign(KEY).lines().toList();
        assertEquals(List.of(ORIGIN, "42", "A5BYxvLAy0ksUzsKTRTvd8wPeKvMztUofYShogEc+4E=", ""), lines.subList(0, 4));
        assertTrue(lines.get(4).startsWith("\u2014 " + ORIGIN + " "));
        assertEquals(5, lines.size());
    }

    /// The key of the signed-note format's own example.
    @Test
    void keyIsNamedAsInThePublishedExample() {
        byte[] typed = Base64.getDecoder().decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
        VerifyingKey key = VerifyingKey.of(ByteString.copyFrom(Arrays.copyOfRange(typed, 1, typed.length)));
        assertArrayEquals(HexFormat.of().parseHex("c74f20a3"), Checkpoint.hint("PeterNeumann", key));
    }

    @Test
    void signedNoteIsRead() {
        assertEquals(
                new Checkpoint.Opened.Valid(CHECKPOINT),
                Checkpoint.open(CHECKPOINT.sign(KEY), ORIGIN, List.of(OTHER.verifyingKey(), KEY.verifyingKey())));
    }

    @Test
    void signatureOfAWitnessIsPassedOver() {
        String witnessed = CHECKPOINT.sign(KEY) + "\u2014 witness.example AAAAAA==\n";
        assertEquals(
                new Checkpoint.Opened.Valid(CHECKPOINT),
                Checkpoint.open(witnessed, ORIGIN, List.of(KEY.verifyingKey())));
    }

    @Test
    void strangersSignatureIsNotBelieved() {
        assertInvalid(CHECKPOINT.sign(OTHER), "no known key");
    }

    @Test
    void changedSizeIsNotBelieved() {
        assertInvalid(CHECKPOINT.sign(KEY).replace("\n42\n", "\n43\n"), "no known key");
    }

    @Test
    void otherLedgersCheckpointIsNotBelieved() {
        assertInvalid(new Checkpoint("example.net/ledger", 42, CHECKPOINT.root()).sign(KEY), "another ledger");
    }

    @Test
    void malformedNotesAreRefused() {
        String note = CHECKPOINT.sign(KEY);
        for (String wrong : List.of(
                "",
                "\n\n",
                note.substring(0, note.length() - 1),
                note.replace("\n42\n", "\n042\n"),
                note.replace("\n42\n", "\n99999999999999999999\n"),
                note.replace("\n42\n", "\n9999999999999999999\n"),
                note.replace("\n\n", "\n"),
                "extra\n" + note,
                note + "x".repeat(Checkpoint.MOST_NOTE_CHARS))) {
            assertInstanceOf(
                    Checkpoint.Opened.Invalid.class,
                    Checkpoint.open(wrong, ORIGIN, List.of(KEY.verifyingKey())),
                    wrong);
        }
    }

    @Test
    void originThatWouldBreakANoteIsRefused() {
        for (String wrong : List.of("", "a b", "a+b", "a\nb", "x".repeat(256))) {
            assertThrows(IllegalArgumentException.class, () -> new Checkpoint(wrong, 0, CHECKPOINT.root()), wrong);
        }
    }

    private static void assertInvalid(String note, String reason) {
        Checkpoint.Opened opened = Checkpoint.open(note, ORIGIN, List.of(KEY.verifyingKey()));
        assertTrue(assertInstanceOf(Checkpoint.Opened.Invalid.class, opened)
                .reason()
                .contains(reason));
    }

    private static SigningKey key(int fill) {
        byte[] seed = new byte[SigningKey.SEED_LENGTH];
        Arrays.fill(seed, (byte) fill);
        return SigningKey.ofSeed(seed);
    }
}
