package org.picket.model.classifier;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.picket.model.build.BundleFile;
import org.picket.model.build.Composed;
import org.picket.model.build.CpuRun;
import org.picket.model.build.Golden;
import org.picket.model.build.Label;
import org.picket.model.build.Scratch;
import org.picket.model.build.Sources;
import org.picket.model.clip.Planes;
import org.picket.model.clip.Preprocessor;
import org.picket.model.graph.Arithmetic;
import org.picket.model.graph.Graph;
import org.picket.model.graph.ModelFault;
import org.picket.model.graph.OnnxModel;
import org.picket.model.graph.Port;
import org.picket.proto.v1.BundlePrecision;

/// Builds a bundle from a classifier's export: one input of planes, one output with a number for each class.
public final class ClassifierBuild {
    private static final String LOGITS = "logits";

    private ClassifierBuild() {}

    /// The files of one classifier, and how its outputs are read.
    ///
    /// @param model the export
    /// @param classes names of its outputs
    /// @param preprocessor file; empty: the one beside the model, else CLIP's
    /// @param activation what makes scores of its outputs
    public record Parts(Path model, Path classes, Optional<Path> preprocessor, Activation activation) {}

    /// Builds the bundle and writes it.
    ///
    /// @param precision of the model; empty: read off it
    /// @param progress told in short lines
    /// @throws ModelFault with what is wrong and what to do
    public static BundleFile.Written write(
            Parts parts, Label label, Optional<BundlePrecision> precision, Consumer<String> progress) {
        BundleFile.check(label);
        Classes classes = Classes.read(parts.classes());
        Preprocessor preprocessor =
                parts.preprocessor().map(Preprocessor::read).orElseGet(() -> Preprocessor.beside(parts.model()));
        if (preprocessor.file().isEmpty()) {
            // Right for CLIP, and for few classifiers.
            progress.accept(
                    "no preprocessor_config.json beside the model: mean and deviation are CLIP's. If the classifier"
                            + " was trained with others, its scores are wrong: give the file by --preprocessor");
        }
        try (Scratch scratch = Scratch.beside(label.out())) {
            progress.accept("reading " + parts.model());
            OnnxModel export = OnnxModel.read(parts.model());
            Port output = output(export, classes);
            OnnxModel part = export.only(output.name());
            if (part.inputs().size() != 1) {
                throw new ModelFault("The classifier " + parts.model() + " takes " + words(part.inputs())
                        + ", not one picture. Export it with one input.");
            }
            Planes planes = Planes.of(part, part.inputs().getFirst(), preprocessor);
            List<byte[]> golden = Golden.views(planes.size());
            progress.accept("running the classifier by itself");
            float[] reference = reference(part, output, planes, parts.activation(), golden, scratch.file("alone.onnx"));
            if (reference.length != golden.size() * classes.names().size()) {
                throw new ModelFault("The classifier " + parts.model() + " gives "
                        + reference.length / golden.size() + " numbers a picture, and " + parts.classes() + " names "
                        + classes.names().size() + ". Name every output once, in order.");
            }
            Graph graph = Graph.around(part, label.name(), planes.size());
            String raw = graph.castToFloat(graph.include(part, planes.in(graph)));
            OnnxModel whole = graph.scored(
                    "the composed graph",
                    parts.activation().in(graph, raw),
                    classes.names().size());
            Composed composed = new Composed(
                    whole,
                    precision.orElseGet(() -> Arithmetic.of(part)),
                    planes.size(),
                    classes.names(),
                    golden,
                    reference);
            Sources sources = new Sources()
                    .add("classifier", export.files())
                    .add("preprocessor", preprocessor.file().stream().toList())
                    .add("classes", List.of(parts.classes()));
            return BundleFile.write(label, composed, sources, account(parts, classes, preprocessor), scratch, progress);
        }
    }

    private static Port output(OnnxModel export, Classes classes) {
        Optional<Port> only =
                export.outputs().size() == 1 ? Optional.of(export.outputs().getFirst()) : Optional.empty();
        Port output = export.output(LOGITS)
                .or(() -> only)
                .orElseThrow(() -> new ModelFault("The classifier " + export.file() + " gives "
                        + words(export.outputs()) + ": several outputs and none of them " + LOGITS
                        + ". Export it with one."));
        long named = classes.names().size();
        if (output.side(1).filter(outputs -> outputs != named).isPresent()) {
            throw new ModelFault("The classifier " + export.file() + " gives " + output.inWords() + ", and there are "
                    + named + " names. Name every output once, in order.");
        }
        return output;
    }

    private static String words(List<Port> ports) {
        return ports.stream().map(Port::inWords).collect(Collectors.joining(", "));
    }

    private static float[] reference(
            OnnxModel part, Port output, Planes planes, Activation activation, List<byte[]> golden, Path scratch) {
        part.write(scratch);
        try (CpuRun run = CpuRun.open(scratch, "the classifier " + part.file())) {
            List<float[]> scores = golden.stream()
                    .map(view -> activation.of(run.run(Map.of(planes.input().name(), planes.of(view)), output.name())
                            .values()))
                    .toList();
            float[] all = new float[scores.stream().mapToInt(row -> row.length).sum()];
            int at = 0;
            for (float[] row : scores) {
                System.arraycopy(row, 0, all, at, row.length);
                at += row.length;
            }
            return all;
        }
    }

    private static BundleFile.Account account(Parts parts, Classes classes, Preprocessor preprocessor) {
        String line = switch (parts.activation()) {
            case SOFTMAX -> "Each score is a class's share by softmax: those of one view add up to 1.";
            case SIGMOID -> "Each score is a class's own, by the logistic function: from 0 to 1.";
            case NONE -> "Each score is the classifier's raw output.";
        };
        return new BundleFile.Account(
                "scores " + classes.names().size() + " classes by a classifier", List.of(line), preprocessor.remarks());
    }
}
