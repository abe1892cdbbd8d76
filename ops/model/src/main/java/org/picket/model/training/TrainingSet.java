package org.picket.model.training;

import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.picket.model.scene.Concept;
import org.picket.model.scene.Dice;
import org.picket.model.scene.Labels;
import org.picket.model.scene.Layout;
import org.picket.model.scene.Painter;
import org.picket.model.scene.Scene;
import org.picket.model.scene.Shrink;

/// Views of synthetic scenes with what is known of them. Every scene has a seed of its own, so that the set
/// does not depend on how many threads paint it.
final class TrainingSet {
    /// Short side that scenes are painted at: twice the view, the least that the crawler shrinks from.
    private static final int SHORT_SIDE = 2 * Network.VIEW_SIZE;

    /// A lighthouse nearer than this to the edge of a view, in sides of the view, counts as cut. Every
    /// lighthouse stands clear in one view of its scene.
    private static final double CLEARANCE = 0.03;

    private TrainingSet() {}

    /// One view as sums over 4x4 pixels (channels first, 0 to 4,080) and one target per concept: 1 shown, 0 not
    /// shown, -1 unknown (a lighthouse at the edge of the view).
    record Example(short[] sums, float[] targets) {
        /// The picture of means from -0.5 to 0.5, mirrored or not, a little lighter or darker.
        void means(float[] into, boolean mirrored, float light) {
            int side = Network.SIDE;
            float scale = light / (255f * Network.POOL * Network.POOL);
            for (int row = 0; row < 3 * side; row++) {
                for (int x = 0; x < side; x++) {
                    int from = row * side + (mirrored ? side - 1 - x : x);
                    into[row * side + x] = sums[from] * scale - 0.5f;
                }
            }
        }
    }

    static List<Example> of(long firstSeed, int scenes) {
        return LongStream.range(firstSeed, firstSeed + scenes)
                .parallel()
                .mapToObj(seed -> Scene.of(seed, Labels.any(new Dice(seed)), SHORT_SIDE, SHORT_SIDE))
                .flatMap(TrainingSet::examples)
                .toList();
    }

    private static Stream<Example> examples(Scene scene) {
        return Shrink.views(Painter.paint(scene), Network.VIEW_SIZE).stream()
                .map(view -> new Example(sums(view.pixels()), targets(scene, view)));
    }

    static float[] targets(Scene scene, Shrink.View view) {
        float[] targets = new float[Concept.values().length];
        for (Concept concept : Concept.values()) {
            targets[concept.ordinal()] = scene.labels().shows(concept) ? 1 : 0;
        }
        if (scene.labels().lighthouse()) {
            Layout.Box tower = Layout.of(scene).tower();
            boolean whole = tower.wider(CLEARANCE).within(view.left(), view.top()) > 0.999;
            boolean absent = tower.within(view.left(), view.top()) < 0.01;
            targets[Concept.LIGHTHOUSE.ordinal()] = whole ? 1 : absent ? 0 : -1;
        }
        return targets;
    }

    static short[] sums(byte[] view) {
        short[] sums = new short[Network.INPUTS];
        int at = 0;
        for (int y = 0; y < Network.VIEW_SIZE; y++) {
            for (int x = 0; x < Network.VIEW_SIZE; x++) {
                int mean = y / Network.POOL * Network.SIDE + x / Network.POOL;
                for (int channel = 0; channel < 3; channel++) {
                    sums[channel * Network.SIDE * Network.SIDE + mean] += (short) (view[at++] & 0xFF);
                }
            }
        }
        return sums;
    }
}
