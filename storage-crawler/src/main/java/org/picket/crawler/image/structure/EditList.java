package org.picket.crawler.image.structure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What parts of a track a film shows (ISO/IEC 14496-12, 8.6.6). All of it is looked at, but by samples: if
/// little of it were shown, these could lie in what nobody sees.
final class EditList {

    private static final int MAX_EDITS = 1_000;
    private static final int ROW = 12;
    private static final int WIDE_ROW = 20;
    /// Of the whole, which part at least must be shown.
    private static final int PART = 2;

    private final Octets octets;
    private final IsoBox elst;
    private final boolean wide;
    /// From when to when, in milliseconds of the track.
    private final List<long[]> shown = new ArrayList<>();

    private EditList(Octets octets, IsoBox elst) {
        this.octets = octets;
        this.elst = elst;
        this.wide = elst.version(octets) == 1;
    }

    /// @param filmScale units of time in a second, in which the lengths are told
    /// @param trackScale the same for when each part begins
    /// @throws FlawedObject [Flaw#CROPPED] if less than half of the track is shown
    static void check(Octets octets, IsoBox elst, long filmScale, long trackScale, Samples samples) {
        new EditList(octets, elst).check(filmScale, trackScale, samples.lastMillis());
    }

    private void check(long filmScale, long trackScale, long whole) {
        long count = elst.u32(octets, 4);
        if (count > MAX_EDITS) {
            throw new FlawedObject(Flaw.CROPPED);
        }
        for (int at = 8; at < 8 + count * (wide ? WIDE_ROW : ROW); at += wide ? WIDE_ROW : ROW) {
            long length = wide ? elst.u64(octets, at) : elst.u32(octets, at);
            long from = wide ? elst.u64(octets, at + 8) : elst.s32(octets, at + 4);
            boolean moves = elst.u16(octets, at + (wide ? 16 : 8)) != 0;
            if (from >= 0 && moves) {
                long begin = Times.millis(from, trackScale);
                // Recorders that do not know the end yet write no length.
                shown.add(new long[] {begin, length == 0 ? whole : begin + Times.millis(length, filmScale)});
            }
        }
        if (count > 0 && PART * together(whole) < whole) {
            throw new FlawedObject(Flaw.CROPPED);
        }
    }

    /// How much of the track the parts have together, each moment once.
    private long together(long whole) {
        shown.sort(Comparator.comparingLong(part -> part[0]));
        long sum = 0;
        long reached = 0;
        for (long[] part : shown) {
            long end = Math.min(part[1], whole);
            sum += Math.max(0, end - Math.max(part[0], reached));
            reached = Math.max(reached, end);
        }
        return sum;
    }
}
