package org.picket.crawler.image.structure;

import java.util.List;
import java.util.Optional;

/// When the samples of a track are shown, from its tables of durations (`stts`) and of offsets (`ctts`). Asked
/// for in ascending order.
final class Times {

    private static final long MILLIS = 1000;
    /// A hundred years of nanoseconds.
    private static final long MOST_UNITS = 1L << 52;

    private final Octets octets;
    private final IsoBox durations;
    private final Optional<IsoBox> offsets;
    private final long scale;
    private int durationRun;
    private long durationLeft;
    private int offsetRun;
    private long offsetLeft;
    private long clock;

    Times(Octets octets, List<IsoBox> stbl, long scale) {
        this.octets = octets;
        this.scale = scale;
        this.durations = IsoBox.required(stbl, "stts");
        this.offsets = IsoBox.first(stbl, "ctts");
    }

    /// The time of the next sample, in milliseconds.
    long next() {
        long shown = clock + offset();
        while (durationLeft == 0 && durationRun < durations.u32(octets, 4)) {
            durationLeft = durations.u32(octets, 8 + 8 * durationRun++);
        }
        if (durationLeft > 0) {
            durationLeft--;
            clock += durations.u32(octets, 8 + 8 * (durationRun - 1) + 4);
        }
        return millis(shown, scale);
    }

    private long offset() {
        if (offsets.isEmpty()) {
            return 0;
        }
        IsoBox ctts = offsets.get();
        while (offsetLeft == 0 && offsetRun < ctts.u32(octets, 4)) {
            offsetLeft = ctts.u32(octets, 8 + 8 * offsetRun++);
        }
        if (offsetLeft == 0) {
            return 0;
        }
        offsetLeft--;
        return ctts.s32(octets, 8 + 8 * (offsetRun - 1) + 4);
    }

    /// Units of a `scale`th of a second in milliseconds, without overflow; negative ones are 0.
    ///
    /// @param scale up to 2^32
    static long millis(long units, long scale) {
        long known = Math.clamp(units, 0, MOST_UNITS);
        return known / scale * MILLIS + known % scale * MILLIS / scale;
    }
}
