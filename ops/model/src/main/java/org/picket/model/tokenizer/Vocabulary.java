package org.picket.model.tokenizer;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Tokens with their numbers, and which two make one, the most frequent pair first.
final class Vocabulary {
    /// What the last symbol of a word ends with.
    static final String END_OF_WORD = "</w>";

    private final Map<String, Integer> numbers;
    private final Map<Pair, Integer> ranks;

    /// Two neighbours.
    record Pair(String left, String right) {}

    Vocabulary(Map<String, Integer> numbers, List<Pair> merges) {
        this.numbers = Map.copyOf(numbers);
        Map<Pair, Integer> ranked = new HashMap<>();
        for (Pair merge : merges) {
            ranked.putIfAbsent(merge, ranked.size());
        }
        this.ranks = Map.copyOf(ranked);
    }

    Optional<Integer> number(String token) {
        return Optional.ofNullable(numbers.get(token));
    }

    int rank(String left, String right) {
        return ranks.getOrDefault(new Pair(left, right), Integer.MAX_VALUE);
    }

    int size() {
        return numbers.size();
    }
}
