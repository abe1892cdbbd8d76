package org.picket.model.clip;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.picket.model.build.BundleFile;
import org.picket.model.build.Label;
import org.picket.model.graph.OnnxModel;
import org.picket.model.rehearsal.Ending;
import org.picket.model.rehearsal.RandomClip;
import org.picket.model.rehearsal.Tower;
import org.picket.model.tokenizer.SmallVocabulary;
import org.picket.proto.v1.BundlePrecision;

/// A folder with a small random CLIP as somebody would have exported it.
record Rehearsal(Path folder) {
    static final int SIZE = 32;
    static final Tower VISION = new Tower(2, 48, 4, 24);
    static final Tower TEXT = new Tower(2, 32, 2, 24);
    static final SmallVocabulary VOCABULARY = new SmallVocabulary(60);
    static final String CONCEPTS = """
            # harmless
            concept { id: "lighthouse" prompt: "a photo of a lighthouse" prompt: "a lighthouse by the sea" }
            concept { id: "snow" prompt: "snow in the mountains" }
            concept { id: "night_sky" prompt: "stars at night" prompt: "a night sky" prompt: "it's night" }
            """;

    static Rehearsal in(Path folder, BundlePrecision precision) throws IOException {
        return in(folder, precision, Ending.EMBEDS);
    }

    static Rehearsal in(Path folder, BundlePrecision precision, Ending ending) throws IOException {
        RandomClip clip = new RandomClip(precision, ending, 5);
        Files.createDirectories(folder.resolve("onnx"));
        Rehearsal made = new Rehearsal(folder);
        clip.vision(VISION, SIZE, 8).write(made.vision());
        clip.text(TEXT, VOCABULARY.size()).write(made.text());
        VOCABULARY.whole(folder);
        Files.writeString(
                folder.resolve("preprocessor_config.json"),
                "{\"crop_size\":{\"height\":32,\"width\":32},\"do_center_crop\":true,\"image_mean\":[0.5,0.4,0.3],"
                        + "\"image_std\":[0.3,0.25,0.2],\"resample\":3,\"size\":{\"shortest_edge\":32}}");
        Files.writeString(made.concepts(), CONCEPTS);
        return made;
    }

    Path vision() {
        return folder.resolve("onnx").resolve("vision_model.onnx");
    }

    Path text() {
        return folder.resolve("onnx").resolve("text_model.onnx");
    }

    Path concepts() {
        return folder.resolve("concepts.textproto");
    }

    Path bundle() {
        return folder.resolve("small.bundle");
    }

    ClipBuild.Parts parts(Optional<Path> weights) {
        return new ClipBuild.Parts(vision(), text(), folder, Optional.empty(), weights);
    }

    BundleFile.Written build() {
        return build(parts(Optional.empty()));
    }

    BundleFile.Written build(ClipBuild.Parts parts) {
        return ClipBuild.write(
                parts,
                concepts(),
                new Label("small-clip", "1", Optional.of("A note."), bundle()),
                Optional.empty(),
                line -> {});
    }

    /// Overwrites the vision encoder.
    void vision(OnnxModel model) {
        model.write(vision());
    }
}
