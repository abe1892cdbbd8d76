package org.picket.model.clip;

import com.google.protobuf.TextFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.picket.model.concepts.ConceptEntry;
import org.picket.model.concepts.ConceptsFile;
import org.picket.model.graph.ModelFault;
import org.picket.proto.limit.Limits;

/// Concepts with the texts that describe them, in the order of the scores. The format is told in
/// `concepts.proto`.
public record Concepts(List<Concept> list) {
    private static final long MAX_BYTES = 4L << 20;
    private static final int MAX_PROMPTS = 256;
    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9_]{0,63}");

    public Concepts {
        list = List.copyOf(list);
    }

    /// One of them.
    ///
    /// @param id name of the score
    /// @param prompts at least one
    public record Concept(String id, List<String> prompts) {
        public Concept {
            prompts = List.copyOf(prompts);
        }
    }

    /// Reads a concepts file.
    ///
    /// @throws ModelFault naming the line, or every fault
    public static Concepts read(Path file) {
        ConceptsFile.Builder parsed = ConceptsFile.newBuilder();
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new ModelFault(file + " is larger than " + MAX_BYTES + " bytes. Use fewer prompts.");
            }
            TextFormat.getParser().merge(Files.readString(file), parsed);
        } catch (TextFormat.ParseException wrong) {
            // The parser's message begins with line and column.
            throw new ModelFault(
                    file + ":" + wrong.getMessage()
                            + ". Write: concept { id: \"lighthouse\" prompt: \"a photo of a lighthouse\" }",
                    wrong);
        } catch (IOException cause) {
            throw new ModelFault(
                    file + " cannot be read as text (" + cause + "). Check the path and its permissions.", cause);
        }
        List<String> faults = faults(parsed);
        if (!faults.isEmpty()) {
            throw new ModelFault(file + " is not in order:\n  " + String.join("\n  ", faults));
        }
        return new Concepts(parsed.getConceptList().stream()
                .map(entry -> new Concept(entry.getId(), entry.getPromptList()))
                .toList());
    }

    private static List<String> faults(ConceptsFile.Builder file) {
        List<String> faults = new ArrayList<>();
        if (file.getConceptCount() < 1 || file.getConceptCount() > Limits.BUNDLE_CONCEPTS) {
            faults.add("it has " + file.getConceptCount() + " concepts, not 1 to " + Limits.BUNDLE_CONCEPTS);
        }
        Set<String> ids = new HashSet<>();
        for (ConceptEntry entry : file.getConceptList()) {
            String id = entry.getId();
            if (!isId(id)) {
                faults.add("\"" + id + "\" is no concept's id: a lower-case letter, then lower-case letters, digits and"
                        + " '_', 64 at most");
            }
            if (!ids.add(id)) {
                faults.add("the concept " + id + " is there twice; give it all its prompts in one place");
            }
            if (entry.getPromptCount() < 1 || entry.getPromptCount() > MAX_PROMPTS) {
                faults.add(
                        "the concept " + id + " has " + entry.getPromptCount() + " prompts, not 1 to " + MAX_PROMPTS);
            }
            if (entry.getPromptList().stream().anyMatch(String::isBlank)) {
                faults.add("the concept " + id + " has an empty prompt");
            }
        }
        return faults;
    }

    /// Whether a word can name a score.
    public static boolean isId(String word) {
        return ID.matcher(word).matches();
    }

    /// The names of the scores in order.
    public List<String> ids() {
        return list.stream().map(Concept::id).toList();
    }
}
