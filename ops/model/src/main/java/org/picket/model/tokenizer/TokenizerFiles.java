package org.picket.model.tokenizer;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.picket.model.graph.ModelFault;

/// Reads CLIP's tokenizer from the files that come with an export: `tokenizer.json`, or `vocab.json` with
/// `merges.txt`.
public final class TokenizerFiles {
    /// CLIP's own have 2 to 5 MB; what is parsed takes a hundred times as much of the heap.
    private static final long MAX_BYTES = 8L << 20;

    private static final String WHOLE = "tokenizer.json";
    private static final String NUMBERS = "vocab.json";
    private static final String MERGES = "merges.txt";
    private static final String MARKS = "<\\|startoftext\\|>|<\\|endoftext\\|>|";
    private static final String WHAT_TO_DO =
            " Give the tokenizer.json (or vocab.json and merges.txt) of the same" + " CLIP export as the text encoder.";

    private TokenizerFiles() {}

    /// What was read.
    ///
    /// @param tokenizer ready
    /// @param files what it was read from
    public record Found(ClipTokenizer tokenizer, List<Path> files) {
        public Found {
            files = List.copyOf(files);
        }
    }

    /// Reads a `tokenizer.json` or `vocab.json`, or the folder of either.
    ///
    /// @throws ModelFault where it is none of these, or not CLIP's
    public static Found read(Path place) {
        if (!Files.isDirectory(place)) {
            boolean parts = String.valueOf(place.getFileName()).equals(NUMBERS);
            return parts ? parts(place, place.resolveSibling(MERGES)) : whole(place);
        }
        if (Files.exists(place.resolve(WHOLE))) {
            return whole(place.resolve(WHOLE));
        }
        if (Files.exists(place.resolve(NUMBERS))) {
            return parts(place.resolve(NUMBERS), place.resolve(MERGES));
        }
        throw new ModelFault("The folder " + place + " has no " + WHOLE + " and no " + NUMBERS + "." + WHAT_TO_DO);
    }

    private static Found whole(Path file) {
        JsonObject root = JsonFile.object(file, MAX_BYTES, WHAT_TO_DO);
        Optional<String> alien = alien(root);
        if (alien.isPresent()) {
            throw new ModelFault(file + " is not CLIP's tokenizer: " + alien.get() + "." + WHAT_TO_DO);
        }
        JsonObject model = root.getAsJsonObject("model");
        Map<String, Integer> numbers = numbers(file, model.get("vocab"));
        if (root.get("added_tokens") instanceof JsonArray added) {
            for (JsonElement token : added) {
                if (token instanceof JsonObject one
                        && one.get("content") instanceof JsonPrimitive content
                        && one.get("id") instanceof JsonPrimitive id
                        && id.isNumber()) {
                    numbers.putIfAbsent(content.getAsString(), number(file, id));
                }
            }
        }
        List<Vocabulary.Pair> merges = new ArrayList<>();
        for (JsonElement merge : model.getAsJsonArray("merges")) {
            merges.add(pair(file, merge));
        }
        return new Found(tokenizer(file, numbers, merges), List.of(file));
    }

    /// Older files write a merge as one string, newer ones as two.
    private static Vocabulary.Pair pair(Path file, JsonElement merge) {
        List<String> two = JsonFile.strings(merge).toList();
        return merge instanceof JsonArray && two.size() == 2
                ? new Vocabulary.Pair(two.getFirst(), two.getLast())
                : pair(file, String.join(" ", two));
    }

    /// What makes a `tokenizer.json` another one than CLIP's.
    private static Optional<String> alien(JsonObject root) {
        if (!(root.get("model") instanceof JsonObject model)
                || !(model.get("vocab") instanceof JsonObject)
                || !(model.get("merges") instanceof JsonArray)) {
            return Optional.of("it has no byte-pair vocabulary");
        }
        if (!JsonFile.text(model, "end_of_word_suffix").equals(Optional.of(Vocabulary.END_OF_WORD))) {
            return Optional.of("its words do not end with " + Vocabulary.END_OF_WORD);
        }
        String normaliser = String.valueOf(root.get("normalizer"));
        if (!normaliser.contains("\"NFC\"") || !normaliser.contains("\"Lowercase\"")) {
            return Optional.of("it does not lower-case by CLIP's rule");
        }
        JsonElement cut = Optional.ofNullable(root.get("pre_tokenizer")).orElseGet(JsonObject::new);
        boolean known = JsonFile.strings(cut)
                .map(text -> text.startsWith(MARKS) ? text.substring(MARKS.length()) : text)
                .anyMatch(ClipTokenizer.WORDS::equals);
        return known ? Optional.empty() : Optional.of("it does not cut words by CLIP's pattern");
    }

    private static Found parts(Path numbers, Path merges) {
        Map<String, Integer> read = numbers(numbers, JsonFile.object(numbers, MAX_BYTES, WHAT_TO_DO));
        List<Vocabulary.Pair> pairs = new ArrayList<>();
        try {
            if (Files.size(merges) > MAX_BYTES) {
                throw new ModelFault(merges + " is larger than " + MAX_BYTES + " bytes." + WHAT_TO_DO);
            }
            for (String line : Files.readAllLines(merges)) {
                if (!line.isBlank() && !line.startsWith("#version")) {
                    pairs.add(pair(merges, line));
                }
            }
        } catch (IOException cause) {
            throw new ModelFault(merges + " cannot be read (" + cause + ")." + WHAT_TO_DO, cause);
        }
        return new Found(tokenizer(numbers, read, pairs), List.of(numbers, merges));
    }

    private static Vocabulary.Pair pair(Path file, String line) {
        String[] two = line.strip().split(" ");
        if (two.length != 2) {
            throw new ModelFault(file + " has a merge that is not of two tokens." + WHAT_TO_DO);
        }
        return new Vocabulary.Pair(two[0], two[1]);
    }

    private static Map<String, Integer> numbers(Path file, JsonElement vocabulary) {
        Map<String, Integer> numbers = new HashMap<>();
        vocabulary
                .getAsJsonObject()
                .entrySet()
                .forEach(entry -> numbers.put(entry.getKey(), number(file, entry.getValue())));
        return numbers;
    }

    private static int number(Path file, JsonElement token) {
        try {
            int number = token.getAsBigDecimal().intValueExact();
            if (number >= 0) {
                return number;
            }
        } catch (ArithmeticException
                | NumberFormatException
                | UnsupportedOperationException
                | IllegalStateException cause) {
            throw new ModelFault(file + " has tokens without numbers." + WHAT_TO_DO, cause);
        }
        throw new ModelFault(file + " has tokens with numbers below 0." + WHAT_TO_DO);
    }

    private static ClipTokenizer tokenizer(Path file, Map<String, Integer> numbers, List<Vocabulary.Pair> merges) {
        for (String mark : List.of(ClipTokenizer.START, ClipTokenizer.END)) {
            if (!numbers.containsKey(mark)) {
                throw new ModelFault(file + " has no token " + mark + ": it is not CLIP's." + WHAT_TO_DO);
            }
        }
        return new ClipTokenizer(
                new Vocabulary(numbers, merges), numbers.get(ClipTokenizer.START), numbers.get(ClipTokenizer.END));
    }
}
