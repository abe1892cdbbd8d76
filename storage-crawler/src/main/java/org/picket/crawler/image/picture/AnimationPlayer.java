package org.picket.crawler.image.picture;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.picket.crawler.image.structure.Flaw;
import org.picket.crawler.image.structure.FlawedObject;
import org.picket.crawler.image.structure.Patch;

/// Plays an animation frame by frame on a [Canvas] and gives the frames that [FrameChoice] chooses. Where there
/// may be more than there is room for it is played twice: to see, and to give. A frame that cannot be decoded
/// to its end is a flaw of the whole object, whether or not it would be chosen.
final class AnimationPlayer {

    private static final int MAX_GROUNDS = 2;
    /// The frames that are given may have this many times the pixels of the largest single picture, each
    /// counted as large as the canvas, however small its rectangle: each is looked at whole.
    private static final int PIXELS_FACTOR = 4;

    private final Canvas canvas = new Canvas();

    /// Gives each chosen frame over white and, if a pixel of it is transparent, over black. A raster is only
    /// valid during the call that receives it.
    ///
    /// @param tiles of a frame
    /// @param maxPixels of the largest single picture
    void play(Animation animation, int tiles, long maxPixels, Consumer<Bicubic.Raster> sink) {
        int count = animation.patches().size();
        long whole = (long) animation.header().width() * animation.header().height();
        if (whole * Math.min(count, FrameChoice.frames(tiles, 1)) > PIXELS_FACTOR * maxPixels) {
            throw new FlawedObject(Flaw.FRAME_PIXELS);
        }
        int[] chosen;
        if (count <= FrameChoice.frames(tiles, MAX_GROUNDS)) {
            chosen = IntStream.range(0, count).toArray();
        } else {
            chosen = seen(animation, tiles);
        }
        begin(animation);
        int next = 0;
        for (int i = 0; next < chosen.length; i++) {
            canvas.lay(animation.patches().get(i), pixels(animation, i));
            if (chosen[next] == i) {
                next++;
                sink.accept(canvas.over(Ground.WHITE));
                if (canvas.isTransparent()) {
                    sink.accept(canvas.over(Ground.BLACK));
                }
            }
        }
    }

    private int[] seen(Animation animation, int tiles) {
        begin(animation);
        List<Patch> patches = animation.patches();
        List<Look> looks = new ArrayList<>(patches.size());
        boolean transparent = false;
        for (int i = 0; i < patches.size(); i++) {
            Patch patch = patches.get(i);
            canvas.lay(patch, pixels(animation, i));
            Optional<Look> before = i == 0 ? Optional.empty() : Optional.of(looks.getLast());
            Optional<Patch> disposed = i == 0 || patches.get(i - 1).disposal() == Patch.Disposal.KEEP
                    ? Optional.empty()
                    : Optional.of(patches.get(i - 1));
            looks.add(canvas.look(before, disposed, patch));
            // What is not touched has been looked at before.
            transparent |= i == 0
                    ? canvas.isTransparent()
                    : canvas.isTransparent(patch)
                            || disposed.map(canvas::isTransparent).orElse(false);
        }
        int[] millis = patches.stream().mapToInt(Patch::millis).toArray();
        return FrameChoice.choose(millis, looks, FrameChoice.frames(tiles, transparent ? MAX_GROUNDS : 1));
    }

    private void begin(Animation animation) {
        canvas.begin(animation.header().width(), animation.header().height());
    }

    private static int[] pixels(Animation animation, int index) {
        Patch patch = animation.patches().get(index);
        int[] pixels = animation.pixels(index);
        if (pixels.length < patch.width() * patch.height()) {
            throw new FlawedObject(Flaw.SIZE_DIFFERS);
        }
        return pixels;
    }

    long heldBytes() {
        return canvas.heldBytes();
    }
}
