package org.picket.model.build;

import java.util.List;
import java.util.stream.IntStream;
import org.picket.model.scene.Labels;
import org.picket.model.scene.Painter;
import org.picket.model.scene.Scene;
import org.picket.model.scene.Shrink;

/// Golden views of bundles that are built: our own synthetic scenes at the bundle's view size, in 16 levels of
/// grey so that they pack small.
public final class Golden {
    /// How many.
    public static final int VIEWS = 8;

    private static final long SEED = 8_000_000_000L;
    private static final int LEVELS = 0xF0;
    private static final int MIDDLE = 8;

    private Golden() {}

    /// The views, the same at every call.
    public static List<byte[]> views(int side) {
        return IntStream.range(0, VIEWS).mapToObj(index -> view(index, side)).toList();
    }

    private static byte[] view(int index, int side) {
        Labels shown = new Labels((index & 1) != 0, (index & 2) != 0, (index & 4) != 0, index % 3 == 0);
        Scene scene = new Scene(SEED + index, 2 * side, 2 * side, shown);
        byte[] view = Shrink.views(Painter.paint(scene), side).getFirst().pixels();
        for (int at = 0; at < view.length; at++) {
            view[at] = (byte) (view[at] & LEVELS | MIDDLE);
        }
        return view;
    }
}
