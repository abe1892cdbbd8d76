package org.picket.model.classifier;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.picket.model.clip.Concepts;
import org.picket.model.graph.ModelFault;
import org.picket.model.tokenizer.JsonFile;
import org.picket.proto.limit.Limits;

/// Names of a classifier's outputs in their order: one a line ('#' starts a comment), or `id2label` of the
/// export's `config.json`, whose labels are then written as names: `Night sky` is `night_sky`.
record Classes(List<String> names) {
    private static final long MAX_BYTES = 4L << 20;
    private static final String WHAT_TO_DO = " Give a file with one name a line, in the order of the outputs.";

    Classes {
        names = List.copyOf(names);
    }

    static Classes read(Path file) {
        List<String> names = String.valueOf(file.getFileName()).endsWith(".json") ? labels(file) : lines(file);
        List<String> faults = new ArrayList<>();
        if (names.isEmpty() || names.size() > Limits.BUNDLE_CONCEPTS) {
            faults.add("it has " + names.size() + " names, not 1 to " + Limits.BUNDLE_CONCEPTS);
        }
        names.stream()
                .filter(name -> !Concepts.isId(name))
                .forEach(name -> faults.add("\"" + name + "\" is no score's name: a lower-case letter, then lower-case"
                        + " letters, digits and '_', 64 at most"));
        if (new HashSet<>(names).size() != names.size()) {
            faults.add("a name is there twice");
        }
        if (!faults.isEmpty()) {
            throw new ModelFault(file + " is not in order:\n  " + String.join("\n  ", faults));
        }
        return new Classes(names);
    }

    private static List<String> lines(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new ModelFault(file + " is larger than " + MAX_BYTES + " bytes." + WHAT_TO_DO);
            }
            return Files.readAllLines(file).stream()
                    .map(line -> line.contains("#") ? line.substring(0, line.indexOf('#')) : line)
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
        } catch (IOException cause) {
            throw new ModelFault(file + " cannot be read as text (" + cause + ")." + WHAT_TO_DO, cause);
        }
    }

    private static List<String> labels(Path file) {
        if (!(JsonFile.object(file, MAX_BYTES, WHAT_TO_DO).get("id2label") instanceof JsonObject labels)) {
            throw new ModelFault(file + " has no id2label." + WHAT_TO_DO);
        }
        try {
            TreeMap<Integer, String> ordered = new TreeMap<>();
            for (Map.Entry<String, JsonElement> label : labels.entrySet()) {
                ordered.put(
                        Integer.valueOf(label.getKey()), name(label.getValue().getAsString()));
            }
            return List.copyOf(ordered.values());
        } catch (NumberFormatException | UnsupportedOperationException | IllegalStateException cause) {
            throw new ModelFault(file + " has an id2label that is not of numbers and names." + WHAT_TO_DO, cause);
        }
    }

    private static String name(String label) {
        return label.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_").replaceAll("^_|_$", "");
    }
}
