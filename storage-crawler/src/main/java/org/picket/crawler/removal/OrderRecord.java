package org.picket.crawler.removal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.picket.proto.seal.Digest;

/// What is known about one order, as a file of lines that are appended one by one:
///
/// - `intent DIGEST`: about to change the storage; the digest binds the order. Forced to disk.
/// - `taken`: a purge has the right object out of its live place, durably. Forced to disk.
/// - `done ...`: what came of it
///
/// A line that a crash cut short fails its checksum and counts as never written.
final class OrderRecord {

    private static final String INTENT = "intent ";
    private static final String TAKEN = "taken";
    private static final String DONE = "done ";
    private static final int MAX_BYTES = 64 * 1024;

    private final Path file;
    private Optional<String> intent = Optional.empty();
    private boolean taken;
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
            case "quarantined" ->
                new Outcome.Quarantined(
                        new String(Base64.getDecoder().decode(words[2]), StandardCharsets.UTF_8),
                        Outcome.Assurance.valueOf(words[1]));
            case "released" -> new Outcome.Released();
            case "purged" -> new Outcome.Purged(Outcome.Assurance.valueOf(words[1]));
            case "refused" -> new Outcome.Refused(RefusalReason.valueOf(words[1]));
            case "gone" -> new Outcome.Gone();
            default -> throw new IllegalStateException("the record of an order ends in a word that no version wrote");
        };
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
