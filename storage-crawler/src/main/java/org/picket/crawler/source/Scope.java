package org.picket.crawler.source;

import java.time.Instant;
import java.util.Optional;

/// Which objects of a storage a listing covers.
///
/// @param modifiedSince when present, only objects written at or after this instant
public record Scope(Optional<Instant> modifiedSince) {

    /// Everything in the storage.
    public static final Scope ALL = new Scope(Optional.empty());

    /// Only what was written at or after `instant`.
    public static Scope since(Instant instant) {
        return new Scope(Optional.of(instant));
    }

    /// Whether an object written at `modified` is covered.
    public boolean covers(Instant modified) {
        return modifiedSince.isEmpty() || !modified.isBefore(modifiedSince.get());
    }
}
