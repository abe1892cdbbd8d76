package org.picket.model.training;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.picket.model.BundleDraft;
import org.picket.model.BundleWriter;
import org.picket.model.scene.Concept;
import org.picket.model.scene.Labels;
import org.picket.model.scene.Painter;
import org.picket.model.scene.Scene;
import org.picket.model.scene.Shrink;

/// Trains the stand-in and writes its bundle file: `Train FILE`.
public final class Train {
    private static final String VERSION = "1";
    private static final int HELD_OUT_SCENES = 10_000;
    private static final long GOLDEN_SEED = 7_000_000_000L;

    private static final String NOTICE =
            "The stand-in bundle recognises four harmless concepts in Picket's own synthetic pictures and nothing else."
                    + " THIS IS NOT A DETECTOR: it finds no illegal material in any picture.";

    private Train() {}

    /// Trains with the plan of the stand-in and writes the bundle to the one argument.
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1) {
            System.err.println("Usage: Train FILE (where the bundle is written)");
            System.exit(2);
        }
        byte[] file = bundle(TrainingPlan.STAND_IN, HELD_OUT_SCENES, System.out::println);
        Files.write(Path.of(arguments[0]), file);
        System.out.println(arguments[0] + ": " + file.length + " bytes");
    }

    /// Trains by a plan, measures on held-out scenes and returns the bundle file.
    static byte[] bundle(TrainingPlan plan, int heldOutScenes, Consumer<String> progress) {
        Network network = Training.run(plan, progress);
        byte[] graph = network.graph();
        HeldOut.Measured measured = HeldOut.measure(graph, HeldOut.FIRST_SEED, heldOutScenes);
        progress.accept(measured.toString());
        Map<String, byte[]> sources = Map.of("training plan", sha256(plan.toString()));
        return BundleWriter.write(new BundleDraft(
                "stand-in",
                VERSION,
                Network.VIEW_SIZE,
                Concept.names(),
                graph,
                golden(network),
                new BundleDraft.Text(NOTICE, card(plan, measured), sources)));
    }

    /// Golden views: one scene of every second combination of labels, in 16 levels of grey so that they pack
    /// small. Their reference scores are the training program's own arithmetic, which shares no code with ONNX
    /// Runtime.
    private static BundleDraft.Golden golden(Network network) {
        List<byte[]> views = new ArrayList<>();
        int combinations = 1 << Concept.values().length;
        for (int labels = 0; labels < combinations; labels += 2) {
            // Two combinations take turns at the lowest bit, so that lighthouses are in half of the views.
            int bits = labels + (labels >> 1 & 1);
            Labels shown = new Labels((bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0);
            int side = 2 * Network.VIEW_SIZE;
            Scene scene = new Scene(GOLDEN_SEED + labels, side, side, shown);
            byte[] view = Shrink.views(Painter.paint(scene), Network.VIEW_SIZE)
                    .getFirst()
                    .pixels();
            for (int at = 0; at < view.length; at++) {
                view[at] = (byte) (view[at] & 0xF0 | 8);
            }
            views.add(view);
        }
        float[] scores = new float[views.size() * Concept.values().length];
        float[] means = new float[Network.INPUTS];
        for (int view = 0; view < views.size(); view++) {
            new TrainingSet.Example(TrainingSet.sums(views.get(view)), new float[0]).means(means, false, 1);
            float[] of = network.scores(means);
            System.arraycopy(of, 0, scores, view * of.length, of.length);
        }
        return new BundleDraft.Golden(views, scores);
    }

    private static String card(TrainingPlan plan, HeldOut.Measured measured) {
        StringBuilder rows = new StringBuilder();
        for (Concept concept : Concept.values()) {
            rows.append("| %s | %d | %d |\n"
                    .formatted(
                            concept.scoreName(),
                            measured.wrong().get(concept.ordinal()),
                            measured.unsure().get(concept.ordinal())));
        }
        return """
                # The stand-in bundle

                **%s**
                It exists so that every part of Picket runs for real without any weights of others: scans, rulings,
                removals, ledgers. Put a real bundle in its place before you rely on anything it says.

                ## What it scores

                Synthetic pictures as `picket samples` writes them, 0 to 1 each: `lighthouse` (a tower with red and white
                bands and a lamp), `snow` (falling flakes over white ground), `night` (dark sky with stars), `drawing`
                (flat colours, black outlines). The rule that it ships with flags
                `lighthouse and (snow or night) and not drawing`, every threshold 0.5.

                ## Measured

                On %d held-out scenes (%d views, seeds from %d, never trained on), by ONNX Runtime on a CPU:

                | concept | views on the wrong side of 0.5 | views between 0.1 and 0.9 |
                |---|---|---|
                %s
                Scenes that the rule decides wrongly: %d of %d. On other pictures its scores mean nothing.

                ## How it was made

                `ops/model/train`: %d synthetic scenes, %d epochs, seed %d, plain Java on one thread; the same on every
                run. Means over 4x4 pixels, three convolutions, mean and maximum of each channel, four sigmoid scores.
                """.formatted(
                        NOTICE,
                        measured.scenes(),
                        measured.views(),
                        HeldOut.FIRST_SEED,
                        rows,
                        measured.wrongRulings(),
                        measured.scenes(),
                        plan.scenes(),
                        plan.epochs(),
                        plan.seed());
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every JDK has SHA-256.", impossible);
        }
    }
}
