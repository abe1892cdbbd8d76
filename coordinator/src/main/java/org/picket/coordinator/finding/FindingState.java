package org.picket.coordinator.finding;

import java.util.Objects;

/// Where a finding is on its way.
public sealed interface FindingState {

    /// Written down; nothing was done and nothing is under way.
    record Observed() implements FindingState {}

    /// The site's mode would order its removal, but a fuse or a missing quorum holds it for a person.
    record Held(String reason) implements FindingState {
        public Held {
            Objects.requireNonNull(reason);
        }
    }

    /// A quarantine order has no receipt yet.
    record QuarantineOrdered() implements FindingState {}

    /// Out of sight, restorable.
    ///
    /// @param note what became of a later order that failed; empty where there was none
    record Quarantined(String note) implements FindingState {
        public Quarantined {
            Objects.requireNonNull(note);
        }
    }

    /// A release order has no receipt yet.
    record ReleaseOrdered() implements FindingState {}

    /// Back at its key, its content on the site's allowlist.
    record Released() implements FindingState {}

    /// A purge order has no receipt yet.
    ///
    /// @param quarantined whether it was in quarantine when ordered
    record PurgeOrdered(boolean quarantined) implements FindingState {}

    /// Destroyed.
    record Purged() implements FindingState {}

    /// The site refused the order and touched nothing.
    record Refused(String detail) implements FindingState {
        public Refused {
            Objects.requireNonNull(detail);
        }
    }

    /// The storage could not, after all attempts.
    record Failed(String detail) implements FindingState {
        public Failed {
            Objects.requireNonNull(detail);
        }
    }

    /// There is nothing any more.
    record Gone() implements FindingState {}

    /// Something else is at its key now, or a newer ruling cleared it.
    record Superseded() implements FindingState {}

    /// The site has allowed its content.
    record Allowed() implements FindingState {}

    /// The state's name, as stored and shown.
    default String name() {
        return switch (this) {
            case Observed() -> "OBSERVED";
            case Held(String _) -> "HELD";
            case QuarantineOrdered() -> "QUARANTINE_ORDERED";
            case Quarantined(String _) -> "QUARANTINED";
            case ReleaseOrdered() -> "RELEASE_ORDERED";
            case Released() -> "RELEASED";
            case PurgeOrdered(boolean _) -> "PURGE_ORDERED";
            case Purged() -> "PURGED";
            case Refused(String _) -> "REFUSED";
            case Failed(String _) -> "FAILED";
            case Gone() -> "GONE";
            case Superseded() -> "SUPERSEDED";
            case Allowed() -> "ALLOWED";
        };
    }

    /// Why it is in that state, where that needs saying; else empty.
    default String detail() {
        return switch (this) {
            case Held(String reason) -> reason;
            case Quarantined(String note) -> note;
            case Refused(String detail) -> detail;
            case Failed(String detail) -> detail;
            case Observed(),
                    QuarantineOrdered(),
                    ReleaseOrdered(),
                    Released(),
                    PurgeOrdered(boolean _),
                    Purged(),
                    Gone(),
                    Superseded(),
                    Allowed() -> "";
        };
    }

    /// Whether the finding speaks for what is at its key, so that the same ruling makes no second one. Once it
    /// is in quarantine or destroyed, whatever is found at that key was put there anew.
    default boolean live() {
        return switch (this) {
            case Observed(), Held(String _), QuarantineOrdered(), Refused(String _), Failed(String _) -> true;
            case PurgeOrdered(boolean quarantined) -> !quarantined;
            case Quarantined(String _), ReleaseOrdered(), Released(), Purged(), Gone(), Superseded(), Allowed() ->
                false;
        };
    }

    /// Reads what was stored.
    ///
    /// @param quarantined whether a quarantine order of this finding was carried out
    /// @throws IllegalStateException where no state has that name
    static FindingState of(String name, String detail, boolean quarantined) {
        return switch (name) {
            case "OBSERVED" -> new Observed();
            case "HELD" -> new Held(detail);
            case "QUARANTINE_ORDERED" -> new QuarantineOrdered();
            case "QUARANTINED" -> new Quarantined(detail);
            case "RELEASE_ORDERED" -> new ReleaseOrdered();
            case "RELEASED" -> new Released();
            case "PURGE_ORDERED" -> new PurgeOrdered(quarantined);
            case "PURGED" -> new Purged();
            case "REFUSED" -> new Refused(detail);
            case "FAILED" -> new Failed(detail);
            case "GONE" -> new Gone();
            case "SUPERSEDED" -> new Superseded();
            case "ALLOWED" -> new Allowed();
            default -> throw new IllegalStateException("no finding state is called " + name);
        };
    }
}
