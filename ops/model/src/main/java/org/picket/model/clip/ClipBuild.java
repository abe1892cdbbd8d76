package org.picket.model.clip;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.picket.model.build.BundleFile;
import org.picket.model.build.Composed;
import org.picket.model.build.Golden;
import org.picket.model.build.Label;
import org.picket.model.build.Scratch;
import org.picket.model.build.Sources;
import org.picket.model.graph.Arithmetic;
import org.picket.model.graph.ModelFault;
import org.picket.model.graph.OnnxModel;
import org.picket.model.tokenizer.TokenizerFiles;
import org.picket.proto.v1.BundlePrecision;

/// Builds a bundle from the parts of a CLIP-type model.
public final class ClipBuild {
    private ClipBuild() {}

    /// The files of one model.
    ///
    /// @param vision encoder
    /// @param text encoder
    /// @param tokenizer file or folder
    /// @param preprocessor file; empty: the one beside the vision encoder, else CLIP's
    /// @param weights safetensors file with the projections, where the exports leave them out
    public record Parts(Path vision, Path text, Path tokenizer, Optional<Path> preprocessor, Optional<Path> weights) {}

    /// Builds the bundle and writes it.
    ///
    /// @param precision of the vision encoder; empty: read off it
    /// @param progress told in short lines
    /// @throws ModelFault with what is wrong and what to do
    public static BundleFile.Written write(
            Parts parts,
            Path conceptsFile,
            Label label,
            Optional<BundlePrecision> precision,
            Consumer<String> progress) {
        BundleFile.check(label);
        Concepts concepts = Concepts.read(conceptsFile);
        TokenizerFiles.Found tokenizer = TokenizerFiles.read(parts.tokenizer());
        Preprocessor preprocessor =
                parts.preprocessor().map(Preprocessor::read).orElseGet(() -> Preprocessor.beside(parts.vision()));
        try (Scratch scratch = Scratch.beside(label.out())) {
            progress.accept("reading " + parts.text());
            OnnxModel text = OnnxModel.read(parts.text());
            List<double[]> directions;
            try (TextEncoder encoder =
                    TextEncoder.open(text, tokenizer.tokenizer(), parts.weights(), scratch.file("text.onnx"))) {
                progress.accept("embedding " + concepts.list().size() + " concepts");
                directions = encoder.directions(concepts, progress);
            }
            scratch.drop(scratch.file("text.onnx"));
            progress.accept("reading " + parts.vision());
            VisionGraph vision = VisionGraph.of(OnnxModel.read(parts.vision()), preprocessor, parts.weights());
            BundlePrecision found = precision.orElseGet(() -> Arithmetic.of(vision.part()));
            Composed composed = composed(vision, label, concepts, directions, found, scratch, progress);
            Sources sources = new Sources()
                    .add("vision encoder", vision.part().files())
                    .add("text encoder", text.files())
                    .add("tokenizer", tokenizer.files())
                    .add("preprocessor", preprocessor.file().stream().toList())
                    .add("projections", parts.weights().stream().toList())
                    .add("concepts", List.of(conceptsFile));
            return BundleFile.write(label, composed, sources, account(vision, concepts, found), scratch, progress);
        }
    }

    private static Composed composed(
            VisionGraph vision,
            Label label,
            Concepts concepts,
            List<double[]> directions,
            BundlePrecision precision,
            Scratch scratch,
            Consumer<String> progress) {
        List<byte[]> golden = Golden.views(vision.planes().size());
        progress.accept("running the vision encoder by itself");
        List<double[]> views = vision.directions(golden, scratch.file("vision.onnx"));
        scratch.drop(scratch.file("vision.onnx"));
        int width = directions.getFirst().length;
        if (views.getFirst().length != width) {
            throw new ModelFault("The vision encoder gives " + views.getFirst().length
                    + " numbers a picture and the text" + " encoder " + width
                    + " a text: they are not of one model. Give both of the same export.");
        }
        float[] reference = new float[golden.size() * directions.size()];
        for (int at = 0; at < reference.length; at++) {
            reference[at] =
                    (float) Direction.cosine(views.get(at / directions.size()), directions.get(at % directions.size()));
        }
        return new Composed(
                vision.scores(label.name(), directions),
                precision,
                vision.planes().size(),
                concepts.ids(),
                golden,
                reference);
    }

    private static BundleFile.Account account(VisionGraph vision, Concepts concepts, BundlePrecision precision) {
        int prompts = concepts.list().stream()
                .mapToInt(concept -> concept.prompts().size())
                .sum();
        List<String> lines = List.of(
                "Each score is the cosine of the embedding of a view and the embedding of a concept: no temperature, no",
                "softmax. A concept's embedding is the mean direction of its prompts' embeddings (" + prompts
                        + " prompts in all),",
                "computed when the bundle was built. The prompts are not in it.");
        List<String> remarks = new ArrayList<>(vision.planes().preprocessor().remarks());
        if (precision == BundlePrecision.BUNDLE_PRECISION_INT8) {
            remarks.add("Quantised: where scales are taken from a whole batch, a view's scores depend a little on the"
                    + " views beside it, and processors differ.");
        }
        return new BundleFile.Account(
                "scores " + concepts.list().size() + " concepts by a CLIP-type model", lines, remarks);
    }
}
