package org.picket.crawler.image.structure;

import java.util.List;
import java.util.Optional;

/// The pictures of a track that lie in fragments (ISO/IEC 14496-12, 8.8).
final class Fragments {

    private static final int NOT_SYNC = 0x10000;
    /// Flags of a fragment's head: places count from a number that it tells, or from the beginning of the `moof` box.
    private static final int FROM_NUMBER = 1;

    private static final int FROM_BOX = 0x20000;
    /// Bytes of a box before its body, where its length is told in four.
    private static final int SHORT_HEAD = 8;

    private final Octets octets;
    private final long track;
    private final long scale;
    private final Samples samples;
    /// The decoding time, carried from fragment to fragment.
    private long clock;
    /// How many samples all runs have named.
    private long named;

    /// @param track its number
    /// @param scale units of time in a second
    /// @param samples gets them
    Fragments(Octets octets, long track, long scale, Samples samples) {
        this.octets = octets;
        this.track = track;
        this.scale = scale;
        this.samples = samples;
    }

    /// What is said of a sample where nothing else is.
    private record Defaults(long duration, long bytes, long flags) {}

    /// @param top the boxes of the file
    void read(IsoBox moov, List<IsoBox> top) {
        List<IsoBox> found = moov.first(octets, "mvex").stream()
                .flatMap(mvex -> mvex.inside(octets, 0).stream())
                .filter(box -> box.type().equals("trex") && box.u32(octets, 4) == track)
                .toList();
        Optional<IsoBox> trex = IsoBox.first(found, "trex");
        if (trex.isEmpty()) {
            return;
        }
        Defaults defaults = new Defaults(
                trex.get().u32(octets, 12),
                trex.get().u32(octets, 16),
                trex.get().u32(octets, 20));
        for (IsoBox moof : top) {
            if (moof.type().equals("moof")) {
                List<IsoBox> all = moof.inside(octets, 0).stream()
                        .filter(box -> box.type().equals("traf"))
                        .toList();
                for (IsoBox traf : all) {
                    fragment(moof, traf, traf == all.getFirst(), defaults);
                }
            }
        }
    }

    private void fragment(IsoBox moof, IsoBox traf, boolean first, Defaults ofTrack) {
        List<IsoBox> inside = traf.inside(octets, 0);
        IsoBox tfhd = IsoBox.required(inside, "tfhd");
        if (tfhd.u32(octets, 4) != track) {
            return;
        }
        int flags = tfhd.flags(octets);
        if (!first && (flags & (FROM_NUMBER | FROM_BOX)) == 0) {
            // Counted from the end of the fragment before, say some players, and from that of the box, say others.
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        int at = 8;
        long base = moof.start();
        if (base != moof.from() - SHORT_HEAD && (flags & FROM_NUMBER) == 0) {
            // Players differ in whether places count from before or from behind the first half of a long head.
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        if ((flags & FROM_NUMBER) != 0) {
            base = tfhd.u64(octets, at);
            at += 8;
        }
        at += (flags & 2) != 0 ? 4 : 0;
        long[] own = {ofTrack.duration(), ofTrack.bytes(), ofTrack.flags()};
        for (int i = 0; i < own.length; i++) {
            if ((flags & 8 << i) != 0) {
                own[i] = tfhd.u32(octets, at);
                at += 4;
            }
        }
        IsoBox.first(inside, "tfdt")
                .ifPresent(tfdt -> clock = tfdt.version(octets) == 1 ? tfdt.u64(octets, 4) : tfdt.u32(octets, 4));
        long next = base;
        for (IsoBox trun : inside) {
            if (trun.type().equals("trun")) {
                next = run(trun, base, next, new Defaults(own[0], own[1], own[2]));
            }
        }
    }

    /// The samples of one run; where they end.
    ///
    /// @param follows where they begin, unless the run tells it
    private long run(IsoBox trun, long base, long follows, Defaults defaults) {
        int flags = trun.flags(octets);
        long count = trun.u32(octets, 4);
        named += count;
        Samples.checkCount(named);
        int at = 8;
        long data = follows;
        if ((flags & 1) != 0) {
            data = base + trun.s32(octets, at);
            at += 4;
        }
        long first = defaults.flags();
        if ((flags & 4) != 0) {
            first = trun.u32(octets, at);
            at += 4;
        }
        for (int i = 0; i < count; i++) {
            long[] own = {defaults.duration(), defaults.bytes(), i == 0 ? first : defaults.flags(), 0};
            for (int field = 0; field < own.length; field++) {
                if ((flags & 0x100 << field) != 0) {
                    own[field] = field == 3 ? trun.s32(octets, at) : trun.u32(octets, at);
                    at += 4;
                }
            }
            long millis = Times.millis(clock + own[3], scale);
            samples.addChecked(octets, data, own[1], millis, (own[2] & NOT_SYNC) == 0 || samples.count() == 0);
            data += own[1];
            clock += own[0];
        }
        return data;
    }
}
