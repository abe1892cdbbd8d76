package org.picket.coordinator.ledger;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.picket.proto.seal.Digest;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.seal.VerifyingKey;

/// What a coordinator vouches for: its ledger had this many entries, and they hash to this root.
///
/// Written as a C2SP `tlog-checkpoint`: a signed note of three lines (origin, size, root in Base64), an empty
/// line, and a line with the signature: `— origin BASE64`, where the Base64 holds four bytes that name the key
/// (the beginning of SHA-256 over origin, newline, 0x01, public key) and the Ed25519 signature over the three
/// lines.
///
/// @param origin names the ledger, without blanks or `+`
/// @param size number of entries
/// @param root of the Merkle tree over them
public record Checkpoint(String origin, long size, Digest root) {
    /// The longest note that is read.
    public static final int MOST_NOTE_CHARS = 4096;

    private static final int KEY_HINT_BYTES = 4;
    private static final int SIGNATURE_BYTES = 64;
    private static final byte ED25519 = 1;
    private static final Pattern TEXT = Pattern.compile("([^\\n]+)\\n(0|[1-9][0-9]{0,18})\\n([A-Za-z0-9+/]{43}=)\\n");
    private static final Pattern SIGNATURE = Pattern.compile("\u2014 ([^ \\n+]+) ([A-Za-z0-9+/]{91}=)");
    private static final Pattern ORIGIN = Pattern.compile("[^\\s+\\p{Cntrl}]{1,255}");

    public Checkpoint {
        if (!ORIGIN.matcher(origin).matches()) {
            throw new IllegalArgumentException(
                    "a ledger's origin has 1 to 255 characters, no blank and no plus sign, like example.org/ledger");
        }
        if (size < 0) {
            throw new IllegalArgumentException("a ledger cannot have " + size + " entries");
        }
    }

    /// What became of a note.
    public sealed interface Opened {
        /// Signed by one of the keys.
        record Valid(Checkpoint checkpoint) implements Opened {}

        /// Not to be believed.
        record Invalid(String reason) implements Opened {}
    }

    /// The whole signed note.
    public String sign(SigningKey key) {
        String text = text();
        byte[] signature = key.sign(text.getBytes(StandardCharsets.UTF_8));
        byte[] line = Arrays.copyOf(hint(origin, key.verifyingKey()), KEY_HINT_BYTES + SIGNATURE_BYTES);
        System.arraycopy(signature, 0, line, KEY_HINT_BYTES, SIGNATURE_BYTES);
        return text + "\n\u2014 " + origin + " " + Base64.getEncoder().encodeToString(line) + "\n";
    }

    /// Reads a note and checks that one of `keys` signed it for `origin`. Signatures by others are passed over.
    public static Opened open(String note, String origin, List<VerifyingKey> keys) {
        if (note.length() > MOST_NOTE_CHARS) {
            return new Opened.Invalid("the checkpoint is longer than " + MOST_NOTE_CHARS + " characters");
        }
        int end = note.indexOf("\n\n");
        Optional<Checkpoint> checkpoint = end < 0 ? Optional.empty() : parse(note.substring(0, end + 1));
        if (checkpoint.isEmpty() || !note.endsWith("\n")) {
            return new Opened.Invalid("the checkpoint is not a signed note of three lines");
        }
        if (!checkpoint.get().origin().equals(origin)) {
            return new Opened.Invalid(
                    "the checkpoint is of another ledger, " + checkpoint.get().origin());
        }
        byte[] text = note.substring(0, end + 1).getBytes(StandardCharsets.UTF_8);
        boolean signed = note.substring(end + 2)
                .lines()
                .map(SIGNATURE::matcher)
                .filter(Matcher::matches)
                .filter(line -> line.group(1).equals(origin))
                .map(line -> Base64.getDecoder().decode(line.group(2)))
                .anyMatch(line -> keys.stream().anyMatch(key -> signs(key, origin, line, text)));
        return signed
                ? new Opened.Valid(checkpoint.get())
                : new Opened.Invalid("no known key signed the checkpoint of size "
                        + checkpoint.get().size());
    }

    /// The size that a note tells of, whoever signed it; -1 where it cannot be read.
    static long claimedSize(String note) {
        int end = note.length() > MOST_NOTE_CHARS ? -1 : note.indexOf("\n\n");
        return end < 0
                ? -1
                : parse(note.substring(0, end + 1)).map(Checkpoint::size).orElse(-1L);
    }

    private String text() {
        return origin + "\n" + size + "\n" + Base64.getEncoder().encodeToString(root.toByteArray()) + "\n";
    }

    private static Optional<Checkpoint> parse(String text) {
        Matcher lines = TEXT.matcher(text);
        if (!lines.matches() || !ORIGIN.matcher(lines.group(1)).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Checkpoint(
                    lines.group(1),
                    Long.parseLong(lines.group(2)),
                    Digest.wrap(Base64.getDecoder().decode(lines.group(3)))));
        } catch (NumberFormatException tooLarge) {
            return Optional.empty();
        }
    }

    private static boolean signs(VerifyingKey key, String origin, byte[] line, byte[] text) {
        return line.length == KEY_HINT_BYTES + SIGNATURE_BYTES
                && Arrays.equals(line, 0, KEY_HINT_BYTES, hint(origin, key), 0, KEY_HINT_BYTES)
                && key.verifies(text, Arrays.copyOfRange(line, KEY_HINT_BYTES, line.length));
    }

    static byte[] hint(String origin, VerifyingKey key) {
        ByteString named = ByteString.copyFromUtf8(origin + "\n")
                .concat(ByteString.copyFrom(new byte[] {ED25519}))
                .concat(key.raw());
        return Arrays.copyOf(Digest.of(named).toByteArray(), KEY_HINT_BYTES);
    }
}
