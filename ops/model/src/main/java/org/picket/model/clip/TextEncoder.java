package org.picket.model.clip;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.picket.model.build.CpuRun;
import org.picket.model.graph.ElementType;
import org.picket.model.graph.ModelFault;
import org.picket.model.graph.OnnxModel;
import org.picket.model.graph.Port;
import org.picket.model.tokenizer.ClipTokenizer;

/// A text encoder as exported: `input_ids`, and `attention_mask` and `position_ids` where it wants them, to
/// `text_embeds`, or to `pooler_output` or `last_hidden_state` where a projection is given. Prompts are run one
/// by one: quantised encoders would let those of one batch change each other.
final class TextEncoder implements AutoCloseable {
    private static final String IDS = "input_ids";
    private static final String MASK = "attention_mask";
    private static final String POSITIONS = "position_ids";
    private static final Set<String> KNOWN = Set.of(IDS, MASK, POSITIONS);
    private static final String EMBEDS = "text_embeds";
    private static final String POOLED = "pooler_output";
    private static final String HIDDEN = "last_hidden_state";
    private static final int TOLD_EVERY = 50;

    /// Tokens that an export may fix the length of its texts to; CLIP has 77.
    private static final long MOST_TOKENS = 1_024;

    private final CpuRun run;
    private final OnnxModel model;
    private final Port output;
    private final Optional<Projection> projection;
    private final ClipTokenizer tokenizer;

    private TextEncoder(
            CpuRun run, OnnxModel model, Port output, Optional<Projection> projection, ClipTokenizer tokenizer) {
        this.run = run;
        this.model = model;
        this.output = output;
        this.projection = projection;
        this.tokenizer = tokenizer;
    }

    /// Loads the part of the export that is needed.
    ///
    /// @param scratch where that part is written
    static TextEncoder open(OnnxModel export, ClipTokenizer tokenizer, Optional<Path> weights, Path scratch) {
        Port output = export.output(EMBEDS, POOLED, HIDDEN)
                .orElseThrow(
                        () -> new ModelFault("The text encoder " + export.file() + " gives " + words(export.outputs())
                                + " and none of " + EMBEDS + ", " + POOLED + ", " + HIDDEN
                                + ". Give the text encoder of a CLIP export, made with its projection."));
        Optional<Projection> projection =
                output.name().equals(EMBEDS) ? Optional.empty() : Optional.of(projection(export, output, weights));
        OnnxModel part = export.only(output.name());
        List<String> alien = part.inputs().stream()
                .map(Port::name)
                .filter(name -> !KNOWN.contains(name))
                .toList();
        if (!alien.isEmpty()
                || part.inputs().stream().noneMatch(port -> port.name().equals(IDS))) {
            throw new ModelFault("The text encoder " + export.file() + " takes " + words(part.inputs()) + ", not " + IDS
                    + " and perhaps " + MASK + ". Give the text encoder of a CLIP export.");
        }
        if (part.inputs().stream().anyMatch(port -> port.side(1).orElse(0L) > MOST_TOKENS)) {
            throw new ModelFault("The text encoder " + export.file() + " takes " + words(part.inputs())
                    + ", texts of more" + " than " + MOST_TOKENS + " tokens. Give the text encoder of a CLIP export.");
        }
        part.write(scratch);
        return new TextEncoder(
                CpuRun.open(scratch, "the text encoder " + export.file()), part, output, projection, tokenizer);
    }

    private static Projection projection(OnnxModel export, Port output, Optional<Path> weights) {
        return weights.map(file -> Projection.read(file, Projection.OF_TEXT))
                .orElseThrow(() -> new ModelFault("The text encoder " + export.file() + " gives " + output.name()
                        + " and no " + EMBEDS + ": its projection is missing. Export it with the projection, or give"
                        + " the model.safetensors of the same model by --weights."));
    }

    private static String words(List<Port> ports) {
        return ports.stream().map(Port::inWords).collect(Collectors.joining(", "));
    }

    /// One direction for each concept: the mean of its prompts' directions, one long again.
    List<double[]> directions(Concepts concepts, Consumer<String> progress) {
        Map<Concepts.Concept, List<long[]>> numbers = new HashMap<>();
        concepts.list().forEach(concept -> numbers.put(concept, numbers(concept)));
        int prompts = numbers.values().stream().mapToInt(List::size).sum();
        List<double[]> directions = new ArrayList<>();
        int done = 0;
        for (Concepts.Concept concept : concepts.list()) {
            double[] sum = {};
            for (long[] prompt : numbers.get(concept)) {
                double[] direction = Direction.of(embedding(prompt), "a prompt of " + concept.id());
                sum = sum.length == 0 ? new double[direction.length] : sum;
                if (sum.length != direction.length
                        || !directions.isEmpty() && directions.getFirst().length != sum.length) {
                    throw new ModelFault("The text encoder " + model.file()
                            + " gives texts of different lengths different numbers of numbers. Give the text encoder of"
                            + " a CLIP export.");
                }
                for (int at = 0; at < sum.length; at++) {
                    sum[at] += direction[at];
                }
                done++;
                if (done % TOLD_EVERY == 0) {
                    progress.accept(done + " of " + prompts + " prompts");
                }
            }
            directions.add(Direction.of(sum, concept.id()));
        }
        return directions;
    }

    private List<long[]> numbers(Concepts.Concept concept) {
        int longest = port(IDS).side(1).map(Math::toIntExact).orElse(ClipTokenizer.MAX_TOKENS);
        List<long[]> all = new ArrayList<>();
        for (int at = 0; at < concept.prompts().size(); at++) {
            String which = "Prompt " + (at + 1) + " of the concept " + concept.id();
            long[] numbers;
            try {
                numbers = tokenizer.encode(concept.prompts().get(at));
            } catch (IllegalArgumentException wrong) {
                throw new ModelFault(which + " cannot be read: " + wrong.getMessage() + ".", wrong);
            }
            if (numbers.length > longest) {
                throw new ModelFault(which + " has " + numbers.length + " tokens, more than the " + longest
                        + " that the text encoder reads. Shorten it, or make two prompts of it.");
            }
            all.add(numbers);
        }
        return all;
    }

    private Port port(String name) {
        return model.inputs().stream()
                .filter(port -> port.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /// Fills up to a fixed length where the export has one; what follows the end mark changes nothing, since
    /// CLIP's texts look back only.
    private float[] embedding(long[] numbers) {
        int length = port(IDS).side(1).map(Math::toIntExact).orElse(numbers.length);
        long[] ids = Arrays.copyOf(numbers, length);
        Arrays.fill(ids, numbers.length, length, tokenizer.end());
        long[] mask = new long[length];
        Arrays.fill(mask, 0, numbers.length, 1);
        long[] positions = new long[length];
        Arrays.setAll(positions, at -> at);
        Map<String, long[]> values = Map.of(IDS, ids, MASK, mask, POSITIONS, positions);
        Map<String, CpuRun.Input> inputs = new HashMap<>();
        for (Port input : model.inputs()) {
            ElementType type = input.type()
                    .filter(known -> known == ElementType.INT64 || known == ElementType.INT32)
                    .orElseThrow(() -> new ModelFault("The text encoder " + model.file() + " takes " + input.inWords()
                            + ", which is not of whole numbers. Give the text encoder of a CLIP export."));
            inputs.put(input.name(), CpuRun.Input.integers(type, values.get(input.name()), 1, length));
        }
        CpuRun.Output result = run.run(inputs, output.name());
        // Of hidden states that of the end mark, which is CLIP's pooling.
        float[] pooled = output.name().equals(HIDDEN)
                ? result.row(numbers.length - 1, "the text encoder " + model.file())
                : result.values();
        return projection.map(layer -> layer.of(pooled)).orElse(pooled);
    }

    @Override
    public void close() {
        run.close();
    }
}
