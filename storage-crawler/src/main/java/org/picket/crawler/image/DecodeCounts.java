package org.picket.crawler.image;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.picket.crawler.image.structure.Format;
import org.picket.crawler.image.structure.Reason;
import org.picket.runtime.telemetry.Label;
import org.picket.runtime.telemetry.Meters;

/// What became of objects in a pool, since its start. Safe for any number of threads; one addition an object,
/// beside milliseconds of decoding.
final class DecodeCounts {
    private final Map<Kind, LongAdder> objects = new ConcurrentHashMap<>();
    private final LongAdder restarts = new LongAdder();
    private Meters meters = Meters.none();

    /// @param flaw empty: it has views
    private record Kind(Optional<Format> format, Optional<Reason> flaw) {}

    void add(byte[] object, int length, Decoded decoded) {
        Kind kind = switch (decoded) {
            case Decoded.Views views -> new Kind(Optional.of(views.format()), Optional.empty());
            case Decoded.Undecodable none -> new Kind(Format.sniff(object, length), Optional.of(none.reason()));
        };
        Optional.ofNullable(objects.get(kind)).orElseGet(() -> first(kind)).increment();
    }

    void restarted() {
        restarts.increment();
    }

    /// Only what occurs is told: there are many kinds, and most never do.
    private synchronized LongAdder first(Kind kind) {
        return objects.computeIfAbsent(kind, seen -> {
            LongAdder count = new LongAdder();
            tell(seen, count);
            return count;
        });
    }

    private void tell(Kind kind, LongAdder count) {
        meters.counter(
                "picket_decoded_objects_total",
                "Objects that were handed to the decoders, by format and by what became of them.",
                count::sum,
                Label.of(
                        "format",
                        kind.format().map(Format::name).orElse("unknown").toLowerCase(java.util.Locale.ROOT)),
                kind.flaw().map(flaw -> Label.of("outcome", flaw)).orElse(Label.of("outcome", "views")));
    }

    synchronized void meters(Meters asked) {
        meters = asked;
        objects.forEach(this::tell);
        asked.counter(
                "picket_decoder_restarts_total",
                "Decoder processes that died or hung and were replaced.",
                restarts::sum);
    }
}
