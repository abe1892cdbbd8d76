package org.picket.cli;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.picket.proto.seal.Digest;

/// Sees to it that each content counts once: a folder with the same pictures many times over would seem to be a
/// larger sample than it is. Pure.
final class Repeats {
    static final String COPY = "copy of another picture";
    static final String CONTRADICTORY = "same content labelled differently";

    private Repeats() {}

    /// The same pictures in the same order; of one content all but the first are counted apart, and all of them
    /// where their labels contradict each other.
    static List<Judged> apart(List<Judged> all) {
        Map<Digest, LabelledPicture> first = new HashMap<>();
        Set<Digest> contradictory = new HashSet<>();
        for (Judged one : all) {
            one.content().ifPresent(content -> {
                LabelledPicture before = first.putIfAbsent(content, one.picture());
                if (before != null && contradict(before, one.picture())) {
                    contradictory.add(content);
                }
            });
        }
        Set<Digest> seen = new HashSet<>();
        return all.stream()
                .map(one -> one.content()
                        .flatMap(content -> reason(contradictory.contains(content), !seen.add(content)))
                        .<Judged>map(reason -> new Judged.Apart(one.picture(), Optional.empty(), reason))
                        .orElse(one))
                .toList();
    }

    private static Optional<String> reason(boolean contradictory, boolean again) {
        if (contradictory) {
            return Optional.of(CONTRADICTORY);
        }
        return again ? Optional.of(COPY) : Optional.empty();
    }

    private static boolean contradict(LabelledPicture one, LabelledPicture other) {
        boolean flagged = one.flagged().isPresent()
                && other.flagged().isPresent()
                && !one.flagged().equals(other.flagged());
        return flagged
                || one.shown().entrySet().stream()
                        .anyMatch(label -> Optional.ofNullable(other.shown().get(label.getKey()))
                                .filter(shown -> !shown.equals(label.getValue()))
                                .isPresent());
    }
}
