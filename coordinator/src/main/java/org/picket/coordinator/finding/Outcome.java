package org.picket.coordinator.finding;

/// What a storage says became of an order.
public enum Outcome {
    QUARANTINED,
    RELEASED,
    PURGED,
    /// There was nothing any more.
    GONE,
    /// Not what was ruled on, or not allowed by the site; nothing was touched.
    REFUSED,
    /// The storage would not, after retries; nothing is half done.
    FAILED;

    /// Whether a storage may answer that to such an order.
    public boolean answers(Removal removal) {
        return switch (this) {
            case QUARANTINED -> removal == Removal.QUARANTINE;
            case RELEASED -> removal == Removal.RELEASE;
            case PURGED -> removal == Removal.PURGE;
            case GONE, REFUSED, FAILED -> true;
        };
    }
}
