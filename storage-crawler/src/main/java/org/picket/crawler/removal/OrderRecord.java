package org.picket.crawler.removal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.CRC32C;
import org.picket.proto.seal.Digest;

/// What is known about one order, as a file of lines that are appended one by one:
///
/// - `intent DIGEST`: about to change the storage; the digest binds the order. Forced to disk.
/// - `cover SEEN...`: about to lay a delete marker on the key, where this was before. Forced to disk.
/// - `tried MILLISECONDS`: when, in the time since 1970. Forced to disk. A line of its own, since one cover may
///   be tried often, and since the version before reads on past it.
/// - `covered ID`: the marker that was laid
/// - `uncovered`: nothing of that is left
/// - `taken`: a purge has the right object out of its live place, durably. Forced to disk.
/// - `done ...`: what came of it
///
/// A line that a crash cut short fails its checksum and counts as never written.
final class OrderRecord {

    private static final String INTENT = "intent ";
    private static final String TAKEN = "taken";
    private static final String DONE = "done ";
    private static final String COVER = "cover ";
    private static final String TRIED = "tried ";
    private static final String COVERED = "covered ";
    private static final String UNCOVERED = "uncovered";
    /// Of several covers, each over as many versions as one page of a server holds.
    private static final int MAX_BYTES = 1024 * 1024;
    /// Further tries are not noted: a record that grew with each would be too long to read one day.
    private static final int MAX_BYTES_BEFORE_A_TRY = MAX_BYTES / 2;

    /// A delete marker that was laid on the key, or was about to be.
    ///
    /// @param seen what was there before, as marks of [S3Cover#mark]
    /// @param tried when it was last laid, or was about to be, by this machine's clock; empty: never, or
    /// the version before wrote it
    /// @param marker its version id; empty: the answer never came
    record Cover(Set<String> seen, Optional<Instant> tried, Optional<String> marker) {
        Cover {
            seen = Set.copyOf(seen);
        }

        private Cover tried(Instant at) {
            return new Cover(seen, Optional.of(at), marker);
        }

        private Cover laid(String id) {
            return new Cover(seen, tried, Optional.of(id));
        }
    }

    private final Path file;
    private Optional<String> intent = Optional.empty();
    private boolean taken;
    private Optional<Cover> cover = Optional.empty();
    private Optional<Outcome> outcome = Optional.empty();

    private OrderRecord(Path file) {
        this.file = file;
    }

    static OrderRecord read(Path file) throws IOException {
        OrderRecord record = new OrderRecord(file);
        if (Files.exists(file)) {
            if (Files.size(file) > MAX_BYTES) {
                throw new IOException("the record of an order is damaged: it is too long");
            }
            Files.readString(file, StandardCharsets.UTF_8).lines().forEach(record::line);
        }
        return record;
    }

    private void line(String line) {
        int end = line.lastIndexOf(' ');
        if (end < 0 || !line.substring(end + 1).equals(sum(line.substring(0, end)))) {
            return;
        }
        String text = line.substring(0, end);
        if (text.startsWith(INTENT)) {
            intent = Optional.of(text.substring(INTENT.length()));
        } else if (text.equals(TAKEN)) {
            taken = true;
        } else if (text.startsWith(COVER)) {
            cover = Optional.of(about(Set.of(text.substring(COVER.length()).split(" "))));
        } else if (text.startsWith(TRIED)) {
            Instant at = Instant.ofEpochMilli(Long.parseLong(text.substring(TRIED.length())));
            cover = cover.map(about -> about.tried(at));
        } else if (text.startsWith(COVERED)) {
            cover = cover.map(about -> about.laid(decoded(text.substring(COVERED.length()))));
        } else if (text.equals(UNCOVERED)) {
            cover = Optional.empty();
        } else if (text.startsWith(DONE)) {
            outcome = Optional.of(decode(text.substring(DONE.length())));
        }
    }

    /// Whether an earlier attempt was about to change the storage.
    boolean intended() {
        return intent.isPresent();
    }

    /// Whether the record is of another order under the same id.
    boolean contradicts(RemovalOrder order) {
        return intent.isPresent() && !intent.get().equals(bound(order.content()));
    }

    boolean taken() {
        return taken;
    }

    Optional<Outcome> outcome() {
        return outcome;
    }

    void intend(RemovalOrder order) throws IOException {
        if (!intended()) {
            String digest = bound(order.content());
            append(INTENT + digest, true);
            intent = Optional.of(digest);
        }
    }

    void take() throws IOException {
        if (!taken) {
            append(TAKEN, true);
            taken = true;
        }
    }

    /// The delete marker of an earlier attempt, if it may still be there.
    Optional<Cover> cover() {
        return cover;
    }

    /// About to lay a delete marker on the key.
    ///
    /// @param seen what is there, never nothing
    /// @param at by this machine's clock
    void cover(Set<String> seen, Instant at) throws IOException {
        Cover next = about(seen);
        if (cover.filter(
                        last -> last.seen().equals(next.seen()) && last.marker().isEmpty())
                .isEmpty()) {
            append(COVER + String.join(" ", new TreeSet<>(seen)), true);
            cover = Optional.of(next);
        }
        if (Files.size(file) < MAX_BYTES_BEFORE_A_TRY) {
            append(TRIED + at.toEpochMilli(), true);
            cover = cover.map(about -> about.tried(Instant.ofEpochMilli(at.toEpochMilli())));
        }
    }

    private static Cover about(Set<String> seen) {
        return new Cover(seen, Optional.empty(), Optional.empty());
    }

    /// The marker is laid.
    void covered(String marker) throws IOException {
        append(COVERED + base64(marker), true);
        cover = cover.map(about -> about.laid(marker));
    }

    /// The marker is away again.
    void uncovered() throws IOException {
        append(UNCOVERED, true);
        cover = Optional.empty();
    }

    void conclude(RemovalOrder order, Outcome concluded) throws IOException {
        if (!intended()) {
            append(INTENT + bound(order.content()), false);
        }
        // Not forced: an order whose end was lost finds everything done and ends the same way.
        append(DONE + encode(concluded), false);
        outcome = Optional.of(concluded);
    }

    private static String bound(Digest digest) {
        return digest.hex();
    }

    private void append(String text, boolean force) throws IOException {
        boolean fresh = !Files.exists(file);
        // The leading line end closes whatever a crash left unfinished.
        ByteBuffer line = ByteBuffer.wrap(('\n' + text + ' ' + sum(text) + '\n').getBytes(StandardCharsets.UTF_8));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (line.hasRemaining()) {
                channel.write(line);
            }
            if (force) {
                channel.force(true);
            }
        }
        if (fresh && force) {
            Durable.directory(file.getParent());
        }
    }

    private static String sum(String text) {
        CRC32C sum = new CRC32C();
        sum.update(text.getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(sum.getValue());
    }

    private static String encode(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Quarantined quarantined ->
                "quarantined " + quarantined.assurance() + ' ' + base64(quarantined.where());
            case Outcome.Released released -> "released";
            case Outcome.Purged purged -> "purged " + purged.assurance();
            case Outcome.Refused refused -> "refused " + refused.reason();
            case Outcome.Gone gone -> "gone";
            case Outcome.AlreadyDone done -> encode(done.first());
            case Outcome.Failed failed -> throw new IllegalArgumentException("a failure concludes no order: " + failed);
        };
    }

    private static Outcome decode(String text) {
        String[] words = text.split(" ");
        return switch (words[0]) {
            case "quarantined" -> new Outcome.Quarantined(decoded(words[2]), Outcome.Assurance.valueOf(words[1]));
            case "released" -> new Outcome.Released();
            case "purged" -> new Outcome.Purged(Outcome.Assurance.valueOf(words[1]));
            case "refused" -> new Outcome.Refused(RefusalReason.valueOf(words[1]));
            case "gone" -> new Outcome.Gone();
            default -> throw new IllegalStateException("the record of an order ends in a word that no version wrote");
        };
    }

    private static String decoded(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
