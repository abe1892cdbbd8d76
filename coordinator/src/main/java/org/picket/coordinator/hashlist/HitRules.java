package org.picket.coordinator.hashlist;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.picket.coordinator.policy.HashType;
import org.picket.coordinator.policy.ListRule;
import org.picket.coordinator.ruling.Basis;
import org.picket.coordinator.ruling.Ruling;

/// What follows from hits on imported lists. Pure.
final class HitRules {
    private HitRules() {}

    /// A hit on a list that is in force.
    ///
    /// @param distance PDQ: in bits
    /// @param quality PDQ: of the picture that was found
    record Hit(ListTerms terms, HashType type, int distance, int quality) {
        /// Whether it is a match by the terms of its list.
        boolean counts() {
            return type != HashType.PDQ
                    || distance >= 0 && distance <= terms.maxDistance() && quality >= terms.minQuality();
        }
    }

    private static final Comparator<Hit> STRONGEST = Comparator.<Hit>comparingInt(hit -> precedence(hit))
            .thenComparingInt(hit -> hit.terms().trust())
            .thenComparingInt(Hit::distance)
            .thenComparing(hit -> hit.terms().source());

    /// The ruling; empty where no hit is a match. Of denials that no allowance speaks against, one that may be acted
    /// upon names the finding: a list that only shows must not keep another one from acting.
    static Optional<Ruling> rule(List<Hit> hits) {
        List<Hit> matches = hits.stream().filter(Hit::counts).sorted(STRONGEST).toList();
        return matches.stream()
                .takeWhile(HitRules::denies)
                .min(Comparator.<Hit>comparingInt(hit -> hit.terms().trust()).thenComparing(STRONGEST))
                .or(() -> matches.stream().findFirst())
                .map(HitRules::ruling);
    }

    private static boolean denies(Hit hit) {
        return hit.terms().kind() == ListTerms.Kind.DENY;
    }

    /// A picture that is allowed speaks against nothing that is denied: whoever has it can put it, or one near it,
    /// beside any other.
    private static int precedence(Hit hit) {
        boolean allowed = hit.terms().kind() == ListTerms.Kind.ALLOW;
        return switch (hit.type()) {
            case SHA256 -> allowed ? 0 : 1;
            case MD5 -> allowed ? 2 : 3;
            case PDQ -> allowed ? 5 : 4;
        };
    }

    private static Ruling ruling(Hit hit) {
        return switch (hit.terms().kind()) {
            case ALLOW -> new Ruling.Cleared(Ruling.Cleared.Why.IMPORTED_ALLOW_LIST);
            case DENY ->
                new Ruling.Flagged(
                        new ListRule(
                                        hit.type(),
                                        hit.terms().trust(),
                                        hit.terms().source())
                                .id(),
                        hit.terms().category(),
                        Ruling.Flagged.By.DENY_LIST,
                        basis(hit));
        };
    }

    private static List<Basis> basis(Hit hit) {
        List<Basis> basis = new ArrayList<>();
        if (hit.type() == HashType.PDQ) {
            basis.add(new Basis("pdq distance", hit.distance(), hit.terms().maxDistance() + 1, Basis.Side.BELOW));
            basis.add(new Basis("pdq quality", hit.quality(), hit.terms().minQuality(), Basis.Side.REACHED));
        }
        return basis;
    }
}
