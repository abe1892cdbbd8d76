package org.picket.crawler.removal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.picket.proto.seal.Digest;
import org.picket.runtime.time.TimeSource;

/// The delete marker that an order lays on a key, so that nothing older comes to light. The order's record says
/// what was at the key before, and which marker is the order's own: after a crash it can be taken away again, and
/// no other. Safe for several threads.
final class S3Cover {

    /// Longer than one marker is tried for: what was laid later than this after the first, somebody else laid.
    static final Duration TRIED_FOR = Duration.ofMinutes(5);

    /// A marker bears the server's clock, an attempt this machine's. S3 servers refuse a request that is dated
    /// more than this from their own clock, so a marker that an attempt laid is dated no farther from it, either
    /// way, than this and the time that it was tried for. A narrower span would miss ours where a clock is off;
    /// a wider one would take in what others lay later.
    static final Duration CLOCKS_APART = Duration.ofMinutes(15);

    private static final int MARK_DIGITS = 12;

    private final S3Vault vault;
    private final TimeSource time;

    S3Cover(S3Vault vault, TimeSource time) {
        this.vault = vault;
        this.time = time;
    }

    /// Puts a delete marker on top of a version that is the latest; if it no longer is, nothing comes to light.
    /// A new upload that slipped in below the marker is brought to light again. No marker is laid where it would
    /// destroy what nobody ordered: what is below then comes to light.
    ///
    /// @return the versions at last
    List<S3Vault.Version> lay(RemovalOrder order, OrderRecord record, S3Vault.Version latest) throws IOException {
        boolean destroys = vault.versionsSuspended() && takesThePlaceOfAnother(order);
        // Looked at once more, since bodies were read after the look before.
        List<S3Vault.Version> before = vault.versions(order.key());
        if (destroys || !before.contains(latest)) {
            return before;
        }
        record.cover(before.stream().map(S3Cover::mark).collect(Collectors.toSet()), time.now());
        Optional<String> laid = vault.delete(order.key(), Optional.empty());
        if (laid.isPresent()) {
            record.covered(laid.get());
        }
        List<S3Vault.Version> after = vault.versions(order.key());
        // Some servers do not answer with the marker's own name.
        List<String> added = added(record.cover().orElseThrow(), after).stream()
                .map(S3Vault.Version::versionId)
                .toList();
        if (!added.isEmpty() && laid.filter(added::contains).isEmpty()) {
            record.covered(added.getFirst());
        }
        boolean uploaded = after.stream()
                .anyMatch(version ->
                        version.stored().isPresent() && before.stream().noneMatch(version::isSame));
        boolean replaced =
                after.stream().noneMatch(version -> version.versionId().equals(latest.versionId()));
        if (uploaded || replaced) {
            lift(order, record, after);
        }
        return after;
    }

    /// Where versions are suspended, a marker replaces for good what has no version, also below others: an upload
    /// from before versions were kept.
    private boolean takesThePlaceOfAnother(RemovalOrder order) {
        // Asked for by its name, since the listing ends with its first page.
        return vault.find(order.key(), Optional.of(S3Vault.NO_VERSION))
                .map(found -> new S3Vault.Stored(S3Vault.NO_VERSION, found.sizeBytes()))
                .filter(stored -> !vault.holdsContent(order.key(), stored, order))
                .isPresent();
    }

    /// Looks once more at what the marker of an earlier attempt hides: that one may have been cut short before it
    /// looked. A newer upload of another content is brought to light again; where somebody put anything on top
    /// meanwhile, that stands.
    void lookAgain(RemovalOrder order, OrderRecord record) throws IOException {
        if (record.cover().isEmpty()) {
            return;
        }
        OrderRecord.Cover cover = record.cover().get();
        List<S3Vault.Version> present = vault.versions(order.key());
        boolean onTop = ours(cover, present).stream().anyMatch(S3Vault.Version::latest);
        if (onTop && present.stream().anyMatch(version -> isAnother(order, cover, version))) {
            lift(order, record, present);
        }
    }

    private boolean isAnother(RemovalOrder order, OrderRecord.Cover cover, S3Vault.Version version) {
        return version.stored().isPresent()
                && !cover.seen().contains(mark(version))
                && !vault.holdsContent(order.key(), version.stored().get(), order);
    }

    /// Takes away what the order laid on its key, if anything.
    void lift(RemovalOrder order, OrderRecord record) throws IOException {
        if (record.cover().isPresent()) {
            lift(order, record, vault.versions(order.key()));
        }
    }

    private void lift(RemovalOrder order, OrderRecord record, List<S3Vault.Version> present) throws IOException {
        // The last one is the one that is known by name: as long as it is there, so are the others to be found.
        for (S3Vault.Version marker :
                ours(record.cover().orElseThrow(), present).reversed()) {
            vault.delete(order.key(), Optional.of(marker.versionId()));
        }
        record.uncovered();
    }

    /// The markers that an order laid: mostly one; more where the answers to the first were lost; none where
    /// the attempt never came to it. The record was written before the attempt: so without a name only the time
    /// tells what the order laid from what the site laid since, and what is of another time is left.
    ///
    /// @param present newest first
    static List<S3Vault.Version> ours(OrderRecord.Cover cover, List<S3Vault.Version> present) {
        List<S3Vault.Version> added = added(cover, present);
        // Where versions are suspended all markers have one name, and one of the site's may stand in our place.
        Optional<String> last = cover.marker().filter(name -> !name.equals(S3Vault.NO_VERSION));
        if (last.isPresent()) {
            return added.stream()
                    .dropWhile(marker -> !marker.versionId().equals(last.get()))
                    .toList();
        }
        return cover.tried().map(tried -> ofAttempt(tried, added)).orElse(List.of());
    }

    /// Those that were laid about when an attempt was made, and soon after the first of them.
    private static List<S3Vault.Version> ofAttempt(Instant tried, List<S3Vault.Version> added) {
        Instant from = tried.minus(CLOCKS_APART);
        Instant to = tried.plus(TRIED_FOR).plus(CLOCKS_APART);
        List<S3Vault.Version> about = added.stream()
                .filter(marker ->
                        !marker.modified().isBefore(from) && !marker.modified().isAfter(to))
                .toList();
        return about.stream()
                .filter(marker ->
                        !marker.modified().isAfter(about.getLast().modified().plus(TRIED_FOR)))
                .toList();
    }

    /// Markers that came after the look.
    private static List<S3Vault.Version> added(OrderRecord.Cover cover, List<S3Vault.Version> present) {
        return present.stream()
                .filter(version -> version.stored().isEmpty() && !cover.seen().contains(mark(version)))
                .toList();
    }

    /// Tells one upload or marker from others, in few characters.
    static String mark(S3Vault.Version version) {
        String text = Stream.of(
                        version.versionId(), version.tag(), version.stored().isPresent() ? "upload" : "marker")
                .collect(Collectors.joining("\n"));
        return Digest.of(text.getBytes(StandardCharsets.UTF_8)).hex().substring(0, MARK_DIGITS);
    }
}
