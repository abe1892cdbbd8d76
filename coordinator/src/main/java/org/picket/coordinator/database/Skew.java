package org.picket.coordinator.database;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.picket.runtime.channel.ContractVersion;

/// Which versions of the contract may share a database. Those one apart do: so coordinators are brought to another
/// release one after the other, and back. Each migration leaves the version before it in working order, or says from
/// which one on it does not. Pure.
///
/// @param ours what this build speaks
/// @param needs the oldest version that works on this build's schema
record Skew(ContractVersion ours, int needs) {
    /// How a database is found.
    ///
    /// @param span empty: a database that was made before versions were kept, or a new one
    /// @param living what coordinators speak that were seen a short while ago, by name
    record Found(Optional<Span> span, Map<String, ContractVersion> living) {
        Found {
            living = Map.copyOf(living);
        }
    }

    /// @param oldest that works on the schema
    /// @param newest that worked with the database
    record Span(int oldest, ContractVersion newest) {}

    /// Why this build must not touch the database; empty: it may.
    ///
    /// @param database what is told of where it is
    Optional<String> refusal(Found found, String database) {
        return found.span()
                .flatMap(span -> outside(span, database))
                .or(() -> new TreeMap<>(found.living())
                        .entrySet().stream()
                                .flatMap(one -> beside(one.getKey(), one.getValue(), database).stream())
                                .findFirst());
    }

    private Optional<String> outside(Span span, String database) {
        if (ours.number() < span.oldest()) {
            return Optional.of("the schema of " + database + " needs version " + span.oldest()
                    + " of the contract, and this Picket speaks version " + ours
                    + ". Start a newer Picket, or restore a backup from before the upgrade.");
        }
        if (ours.number() < span.newest().number() && !ours.with(span.newest())) {
            return Optional.of(database + " was worked with by a Picket that speaks version " + span.newest()
                    + " of the contract, and this one speaks version " + ours
                    + ": one version back is the most. Start a newer Picket, or restore a backup from before the"
                    + " upgrade.");
        }
        return Optional.empty();
    }

    private Optional<String> beside(String name, ContractVersion theirs, String database) {
        if (ours.with(theirs) && theirs.number() >= needs) {
            return Optional.empty();
        }
        return Optional.of("the coordinator " + name + " works with " + database + " and speaks version " + theirs
                + " of the contract, and this one version " + ours
                + ": they cannot work side by side. Stop it first, or go by way of the releases between. (One that was"
                + " killed counts for two minutes.)");
    }
}
