package org.picket.crawler.image.structure;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The pictures of a track whose tables lie in the `moov` box (ISO/IEC 14496-12, 8.7): sizes, chunks, times, key
/// frames.
final class SampleTable {

    private static final int RUN_BYTES = 12;

    private final Octets octets;

    private SampleTable(Octets octets) {
        this.octets = octets;
    }

    /// Adds the samples that the tables of a track name.
    ///
    /// @param stbl the boxes in its `stbl`
    /// @param scale units of time in a second
    static void read(Octets octets, List<IsoBox> stbl, long scale, Samples samples) {
        new SampleTable(octets).read(stbl, scale, samples);
    }

    private void read(List<IsoBox> stbl, long scale, Samples samples) {
        IsoBox sizes = either(stbl, "stsz", "stz2");
        long count = sizes.u32(octets, 8);
        Samples.checkCount(count);
        if (count == 0) {
            return;
        }
        IsoBox chunks = either(stbl, "stco", "co64");
        Times times = new Times(octets, stbl, scale);
        boolean[] keys = keys(IsoBox.first(stbl, "stss"), (int) count);
        IsoBox stsc = IsoBox.required(stbl, "stsc");
        boolean wide = chunks.type().equals("co64");
        long chunkCount = chunks.u32(octets, 4);
        long runs = stsc.u32(octets, 4);
        checkRuns(stsc, runs);
        int sample = 0;
        int run = 0;
        for (int chunk = 1; chunk <= chunkCount && sample < count; chunk++) {
            while (run + 1 < runs && stsc.u32(octets, 8 + RUN_BYTES * (run + 1)) <= chunk) {
                run++;
            }
            long perChunk = stsc.u32(octets, 8 + RUN_BYTES * run + 4);
            long at = wide ? chunks.u64(octets, 8 + 8 * (chunk - 1)) : chunks.u32(octets, 8 + 4 * (chunk - 1));
            for (long i = 0; i < perChunk && sample < count; i++, sample++) {
                long length = sizes.type().equals("stsz") ? size(sizes, sample) : smallSize(sizes, sample);
                samples.addChecked(octets, at, length, times.next(), keys[sample]);
                at += length;
            }
        }
        if (sample < count) {
            throw new FlawedObject(Flaw.PARTS_MISSING);
        }
    }

    /// Runs begin with the first chunk, each behind the one before: others are mended by players, each in its own way.
    private void checkRuns(IsoBox stsc, long runs) {
        long before = 0;
        for (int run = 0; run < runs; run++) {
            long first = stsc.u32(octets, 8 + RUN_BYTES * run);
            if (run == 0 ? first != 1 : first <= before) {
                throw new FlawedObject(Flaw.STRUCTURE);
            }
            before = first;
        }
    }

    /// The table that may be written in one of two ways, but not in both, which players could read differently.
    private static IsoBox either(List<IsoBox> stbl, String one, String other) {
        Optional<IsoBox> first = IsoBox.first(stbl, one);
        Optional<IsoBox> second = IsoBox.first(stbl, other);
        if (first.isPresent() && second.isPresent()) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        return first.or(() -> second).orElseThrow(() -> new FlawedObject(Flaw.PARTS_MISSING));
    }

    private long size(IsoBox stsz, int sample) {
        long same = stsz.u32(octets, 4);
        return same != 0 ? same : stsz.u32(octets, 12 + 4 * sample);
    }

    private long smallSize(IsoBox stz2, int sample) {
        return switch (stz2.u8(octets, 7)) {
            case 4 -> stz2.u8(octets, 12 + sample / 2) >> (sample % 2 == 0 ? 4 : 0) & 15;
            case 8 -> stz2.u8(octets, 12 + sample);
            case 16 -> stz2.u16(octets, 12 + 2 * sample);
            default -> throw new FlawedObject(Flaw.STRUCTURE);
        };
    }

    private boolean[] keys(Optional<IsoBox> stss, int count) {
        boolean[] keys = new boolean[count];
        if (stss.isEmpty()) {
            Arrays.fill(keys, true);
            return keys;
        }
        // Players begin with the first picture whatever the table says.
        keys[0] = true;
        long entries = stss.get().u32(octets, 4);
        for (int i = 0; i < Math.min(entries, count); i++) {
            long number = stss.get().u32(octets, 8 + 4 * i);
            if (number >= 1 && number <= count) {
                keys[(int) number - 1] = true;
            }
        }
        return keys;
    }
}
