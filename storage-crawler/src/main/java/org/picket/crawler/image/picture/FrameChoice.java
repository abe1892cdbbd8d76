package org.picket.crawler.image.picture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.picket.proto.limit.Limits;

/// Which frames of an animation or a video become views, one rule for all of them.
///
/// An object has at most [Limits#OBJECT_VIEWS] views, so at most [#MAX_FRAMES] frames of it are looked at, and
/// fewer where a frame has several tiles or has transparent pixels (see [#frames]). If it has no more frames
/// than that, all of them are looked at. Otherwise:
///
/// 1. the first and the last, and those shown at evenly spread times between: half of the room;
/// 2. then, again and again, the frame that looks least like all those chosen so far ([Look]), until the room
///    is filled or nothing differs.
///
/// So a frame that stands out is found however short it is shown, unless more frames than there is room for
/// stand out further. What is not found: a frame that looks from afar like one that is chosen, and one of many
/// scenes in a long animation. The trade-off is deliberate: looking at every frame of every animation would
/// cost a hundred times as much, and calling each one INCONCLUSIVE would have nobody look at any.
final class FrameChoice {

    /// Frames of one object that become views.
    static final int MAX_FRAMES = 16;

    private FrameChoice() {}

    /// How many frames of an object may become views, if each has so many tiles and grounds.
    static int frames(int tiles, int grounds) {
        return room(Limits.OBJECT_VIEWS, tiles * grounds);
    }

    /// How many frames may become views, if `views` are left and each frame takes so many.
    static int room(int views, int each) {
        return Math.clamp(views / each, 1, MAX_FRAMES);
    }

    /// The frames shown at `count` evenly spread times from the beginning to the end, the first and the last
    /// frame included; ascending, no frame twice.
    ///
    /// @param millis how long each frame is shown
    static int[] spread(int[] millis, int count) {
        long whole = IntStream.of(millis).asLongStream().sum();
        TreeSet<Integer> chosen = new TreeSet<>();
        chosen.add(0);
        chosen.add(millis.length - 1);
        int frame = 0;
        long end = millis[0];
        for (int i = 1; i < count - 1; i++) {
            long time = whole / (count - 1) * i;
            while (end <= time && frame < millis.length - 1) {
                end += millis[++frame];
            }
            chosen.add(frame);
        }
        return chosen.stream().mapToInt(Integer::intValue).toArray();
    }

    /// The frames to look at, ascending.
    ///
    /// @param millis how long each frame is shown
    /// @param looks what each looks like
    /// @param room at least two
    static int[] choose(int[] millis, List<Look> looks, int room) {
        if (millis.length <= room) {
            return IntStream.range(0, millis.length).toArray();
        }
        List<Integer> chosen = new ArrayList<>(
                IntStream.of(spread(millis, Math.max(2, room / 2))).boxed().toList());
        int[] nearest = new int[millis.length];
        Arrays.fill(nearest, Integer.MAX_VALUE);
        for (int next = 0; next < chosen.size(); next++) {
            int unlike = 0;
            for (int i = 0; i < nearest.length; i++) {
                nearest[i] = Math.min(nearest[i], looks.get(i).distance(looks.get(chosen.get(next))));
                unlike = nearest[i] > nearest[unlike] ? i : unlike;
            }
            if (next == chosen.size() - 1 && chosen.size() < room && nearest[unlike] > 0) {
                chosen.add(unlike);
            }
        }
        return chosen.stream().mapToInt(Integer::intValue).sorted().toArray();
    }
}
