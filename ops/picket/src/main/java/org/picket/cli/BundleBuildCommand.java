package org.picket.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.picket.agent.bundle.Bundle;
import org.picket.agent.inference.Engine;
import org.picket.agent.inference.EngineSettings;
import org.picket.agent.inference.EngineStart;
import org.picket.agent.inference.GoldenCheck;
import org.picket.agent.inference.Provider;
import org.picket.model.build.BundleFile;
import org.picket.model.build.Label;
import org.picket.model.classifier.Activation;
import org.picket.model.classifier.ClassifierBuild;
import org.picket.model.clip.ClipBuild;
import org.picket.model.graph.ModelFault;
import org.picket.proto.v1.BundleNeeds;
import org.picket.proto.v1.BundlePrecision;
import org.picket.runtime.config.Readers;
import org.picket.runtime.terminal.Amounts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Builds bundles from exports of others.
@Command(
        name = "build",
        description = {
            "makes a bundle of a CLIP-type model's ONNX exports (--vision, --text, --tokenizer, --concepts)"
                    + " or of a classifier's (--classifier, --classes)",
            "concepts file: concept { id: \"lighthouse\" prompt: \"a photo of a lighthouse\" } ..."
        })
final class BundleBuildCommand implements Callable<Integer> {
    @Option(names = "--vision", paramLabel = "FILE", description = "vision encoder: pixel_values to image_embeds")
    private Optional<Path> vision = Optional.empty();

    @Option(names = "--text", paramLabel = "FILE", description = "text encoder: input_ids to text_embeds")
    private Optional<Path> text = Optional.empty();

    @Option(
            names = "--tokenizer",
            paramLabel = "FILE|DIR",
            description = "tokenizer.json, or vocab.json with merges.txt beside it, or their folder")
    private Optional<Path> tokenizer = Optional.empty();

    @Option(names = "--concepts", paramLabel = "FILE", description = "names of scores and the prompts behind each")
    private Optional<Path> concepts = Optional.empty();

    @Option(
            names = "--weights",
            paramLabel = "FILE",
            description = "model.safetensors, for the projections where the exports give pooler_output only")
    private Optional<Path> weights = Optional.empty();

    @Option(names = "--classifier", paramLabel = "FILE", description = "a classifier: one picture to logits")
    private Optional<Path> classifier = Optional.empty();

    @Option(
            names = "--classes",
            paramLabel = "FILE",
            description = "names of its outputs, one a line, or the export's config.json")
    private Optional<Path> classes = Optional.empty();

    @Option(
            names = "--activation",
            defaultValue = "softmax",
            description = "what makes scores of its outputs: softmax (default), sigmoid, none")
    private Activation activation;

    @Option(
            names = "--preprocessor",
            paramLabel = "FILE",
            description = "preprocessor_config.json; default: beside the model or one folder up, else CLIP's own")
    private Optional<Path> preprocessor = Optional.empty();

    @Option(names = "--name", required = true, description = "the bundle's name: lower-case words joined by '-'")
    private String name;

    @Option(names = "--bundle-version", defaultValue = "1", description = "for people (default: ${DEFAULT-VALUE})")
    private String version;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "where the bundle goes")
    private Path out;

    @Option(
            names = "--precision",
            paramLabel = "fp32|fp16|int8",
            description = "of the model, where it cannot be read off it; nothing is converted")
    private Optional<String> precision = Optional.empty();

    @Option(names = "--card-note", paramLabel = "TEXT", description = "goes onto the card: origin, licence, purpose")
    private Optional<String> note = Optional.empty();

    @Option(
            names = "--needs-memory",
            paramLabel = "BYTES",
            description = "memory that an agent must have where it computes, say 4GB; others get no leases for it")
    private Optional<String> memory = Optional.empty();

    @Option(
            names = "--needs-provider",
            paramLabel = "cpu|cuda|tensorrt|coreml",
            description = "what an agent must compute by; may be given several times; default: by any")
    private List<Provider> providers = List.of();

    @Option(names = "--json", description = "one JSON object")
    private boolean json;

    @Override
    public Integer call() {
        Label label = new Label(name, version, note, out, needs());
        try {
            BundleFile.Written written =
                    classifier.map(model -> classifier(model, label)).orElseGet(() -> clip(label));
            return check(written);
        } catch (ModelFault fault) {
            throw new UsageFault(fault.getMessage(), fault);
        }
    }

    private BundleFile.Written clip(Label label) {
        if (Stream.of(vision, text, tokenizer, concepts).anyMatch(Optional::isEmpty) || classes.isPresent()) {
            throw new UsageFault("give --vision, --text, --tokenizer and --concepts for a CLIP-type model,"
                    + " or --classifier and --classes for a classifier");
        }
        return ClipBuild.write(
                new ClipBuild.Parts(
                        there(vision.get()), there(text.get()), there(tokenizer.get()), preprocessor, weights),
                there(concepts.get()),
                label,
                precision(),
                BundleBuildCommand::tell);
    }

    private BundleFile.Written classifier(Path model, Label label) {
        if (Stream.of(vision, text, tokenizer, concepts, weights).anyMatch(Optional::isPresent)) {
            throw new UsageFault("--classifier goes with --classes, and with nothing of a CLIP-type model");
        }
        Path names = classes.orElseThrow(() -> new UsageFault("name the classifier's outputs by --classes"));
        return ClassifierBuild.write(
                new ClassifierBuild.Parts(there(model), there(names), preprocessor, activation),
                label,
                precision(),
                BundleBuildCommand::tell);
    }

    private static Path there(Path path) {
        if (!Files.exists(path)) {
            throw new UsageFault(path + " is not there; check the path");
        }
        return path;
    }

    private BundleNeeds needs() {
        try {
            return BundleNeeds.newBuilder()
                    .setMemoryBytes(memory.map(Readers::bytes).orElse(0L))
                    .addAllProviders(providers.stream().map(Provider::word).toList())
                    .build();
        } catch (IllegalArgumentException e) {
            throw new UsageFault("--needs-memory " + memory.orElse("") + " " + e.getMessage(), e);
        }
    }

    private Optional<BundlePrecision> precision() {
        return precision.map(word -> switch (word.toLowerCase(Locale.ROOT)) {
            case "fp32" -> BundlePrecision.BUNDLE_PRECISION_FP32;
            case "fp16" -> BundlePrecision.BUNDLE_PRECISION_FP16;
            case "int8" -> BundlePrecision.BUNDLE_PRECISION_INT8;
            default -> throw new UsageFault("--precision " + word + " is none of fp32, fp16, int8");
        });
    }

    private static void tell(String line) {
        System.err.println("picket: " + line);
    }

    /// Does with the file what an agent will do before its first lease.
    private Integer check(BundleFile.Written written) {
        tell("checking the bundle as an agent does");
        Bundle bundle = BundleCommand.open(out);
        EngineStart start = Engine.start(bundle, EngineSettings.cpu(0));
        if (start instanceof EngineStart.Refused refused) {
            throw new UsageFault(refused.inWords());
        }
        try (Engine engine = start.orThrow()) {
            GoldenCheck.Result golden = GoldenCheck.run(engine, bundle);
            boolean passed = golden instanceof GoldenCheck.Result.Passed;
            String digest = HexFormat.of().formatHex(bundle.digest());
            BundleCommand.Telling telling = BundleCommand.Telling.of(bundle.manifest());
            if (json) {
                System.out.println(new Json()
                        .put("bundle", out.toString())
                        .put("bytes", written.bytes())
                        .put("digest", digest)
                        .put("concepts", bundle.concepts().size())
                        .put("composition", written.trial().composition(), 9)
                        .put("passed", passed)
                        .put("golden", golden.inWords())
                        .put("goldenSpread", telling.spread(), 6)
                        .put("tolerance", telling.tolerance(), 6));
            } else {
                List.of(
                                "bundle    " + out + ", " + Amounts.bytes(written.bytes()),
                                "digest    " + digest,
                                "concepts  " + bundle.concepts().size(),
                                "graph     differs by "
                                        + String.format(
                                                Locale.ROOT,
                                                "%.2g",
                                                written.trial().composition())
                                        + " at most from its parts run by themselves",
                                "golden    " + golden.inWords(),
                                "          Their scores are " + telling.inWords() + ".")
                        .forEach(System.out::println);
            }
            return passed ? Exit.COMPLETE : Exit.INCOMPLETE;
        }
    }
}
