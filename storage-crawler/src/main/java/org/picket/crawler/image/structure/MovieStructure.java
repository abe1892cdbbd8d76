package org.picket.crawler.image.structure;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Finds the pictures of an MP4, QuickTime or animated AVIF or HEIC file (ISO/IEC 14496-12), whether its sample
/// tables lie in the `moov` box or in fragments. It is whole when every picture that the tables name lies
/// inside the object. Edit lists are not followed: what they skip is looked at too.
public final class MovieStructure {

    private static final int ENTRY_HEAD = 78;
    private static final int NOT_SYNC = 0x10000;
    /// Handlers of tracks that show no pictures: sound, texts, and what describes other tracks.
    private static final Set<String> NO_PICTURES =
            Set.of("soun", "text", "sbtl", "subt", "clcp", "meta", "hint", "tmcd");
    /// Films, and the image sequences of AVIF and HEIC.
    private static final Set<String> PICTURES = Set.of("vide", "pict");
    /// Sample entries of pictures beside those of [Compression#ofIso]: encrypted, restricted, and codings of old.
    private static final Set<String> PICTURE_ENTRIES = Set.of(
            "encv", "resv", "dvh1", "dvhe", "dva1", "dvav", "vvc1", "vvi1", "jpeg", "mjpa", "mjpb", "mjp2", "s263",
            "h263", "SVQ3", "SVQ1", "png ", "apch", "apcn", "apcs", "apco", "ap4h", "cvid", "gif ");

    private final Octets octets;
    private final long maxPixels;
    private final List<IsoBox> top;

    private MovieStructure(Octets octets, List<IsoBox> top, long maxPixels) {
        this.octets = octets;
        this.top = top;
        this.maxPixels = maxPixels;
    }

    private record Entry(Compression compression, byte[] setup, int width, int height) {}

    /// The one track with pictures of a file that is to be a film alone.
    ///
    /// @throws FlawedObject as [#read], and [Flaw#STRUCTURE] if the file also names a still picture, which some
    /// viewers show in its place
    public static Track film(Octets octets, long maxPixels) {
        List<IsoBox> top = IsoBox.top(octets);
        for (IsoBox box : top) {
            if (box.type().equals("meta")
                    && IsoBox.first(box.inside(octets, 4), "pitm").isPresent()) {
                throw new FlawedObject(Flaw.STRUCTURE);
            }
        }
        return read(octets, top, maxPixels);
    }

    /// The one track with pictures.
    ///
    /// @param top the boxes of the file
    /// @throws FlawedObject [Flaw#NO_PICTURES] where there is none, [Flaw#SEVERAL_TRACKS] where there are more,
    /// since it cannot be known which of them a viewer shows, and [Flaw#STRUCTURE] where it is of an unknown kind
    static Track read(Octets octets, List<IsoBox> top, long maxPixels) {
        return new MovieStructure(octets, top, maxPixels).track();
    }

    private Track track() {
        IsoBox moov = IsoBox.required(top, "moov");
        List<IsoBox> trak = shown(moov).inside(octets, 0);
        IsoBox tkhd = IsoBox.required(trak, "tkhd");
        List<IsoBox> mdia = IsoBox.required(trak, "mdia").inside(octets, 0);
        IsoBox mdhd = IsoBox.required(mdia, "mdhd");
        long scale = Math.max(1, mdhd.u32(octets, mdhd.version(octets) == 1 ? 20 : 12));
        List<IsoBox> stbl = IsoBox.required(IsoBox.required(mdia, "minf").inside(octets, 0), "stbl")
                .inside(octets, 0);
        Entry entry = entry(IsoBox.required(stbl, "stsd"));
        Header.checkPixels(entry.width(), entry.height(), maxPixels);
        Samples samples = new Samples();
        table(stbl, scale, samples);
        fragments(moov, number(tkhd), scale, samples);
        if (samples.count() == 0) {
            throw new FlawedObject(Flaw.PARTS_MISSING);
        }
        return new Track(entry.compression(), entry.setup(), entry.width(), entry.height(), orientation(tkhd), samples);
    }

    /// Every track counts but those that certainly show nothing.
    private IsoBox shown(IsoBox moov) {
        List<IsoBox> all = moov.inside(octets, 0).stream()
                .filter(box -> box.type().equals("trak"))
                .toList();
        checkNumbers(all);
        List<IsoBox> tracks = all.stream()
                .filter(box -> !NO_PICTURES.contains(handler(box)) || hasPictures(box))
                .toList();
        if (tracks.size() != 1) {
            throw new FlawedObject(tracks.isEmpty() ? Flaw.NO_PICTURES : Flaw.SEVERAL_TRACKS);
        }
        if (!PICTURES.contains(handler(tracks.getFirst()))) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        return tracks.getFirst();
    }

    /// Two tracks of one number would share fragments, and which of them a player gives those to is its own affair.
    private void checkNumbers(List<IsoBox> tracks) {
        List<Long> numbers = tracks.stream()
                .flatMap(trak -> trak.first(octets, "tkhd").stream())
                .map(this::number)
                .toList();
        if (Set.copyOf(numbers).size() < numbers.size()) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
    }

    private long number(IsoBox tkhd) {
        return tkhd.u32(octets, tkhd.version(octets) == 1 ? 20 : 12);
    }

    /// Whether a track has what only those of pictures have, whatever its handler says.
    private boolean hasPictures(IsoBox trak) {
        List<IsoBox> minf = trak.first(octets, "mdia").flatMap(mdia -> mdia.first(octets, "minf")).stream()
                .flatMap(box -> box.inside(octets, 0).stream())
                .toList();
        return IsoBox.first(minf, "vmhd").isPresent()
                || IsoBox.first(minf, "stbl").flatMap(stbl -> stbl.first(octets, "stsd")).stream()
                        .flatMap(stsd -> stsd.inside(octets, 8).stream())
                        .anyMatch(entry -> PICTURE_ENTRIES.contains(entry.type())
                                || Compression.ofIso(entry.type()).isPresent());
    }

    private String handler(IsoBox trak) {
        return trak.first(octets, "mdia")
                .flatMap(mdia -> mdia.first(octets, "hdlr"))
                .map(hdlr -> hdlr.four(octets, 8))
                .orElse("");
    }

    /// From the signs of the track's matrix, which is made of quarter turns and mirrorings in all real files.
    private int orientation(IsoBox tkhd) {
        int at = tkhd.version(octets) == 1 ? 52 : 40;
        int a = Integer.signum(tkhd.s32(octets, at));
        int b = Integer.signum(tkhd.s32(octets, at + 4));
        int c = Integer.signum(tkhd.s32(octets, at + 12));
        int d = Integer.signum(tkhd.s32(octets, at + 16));
        return Orientation.ofMap(a, c, b, d);
    }

    private Entry entry(IsoBox stsd) {
        List<IsoBox> entries = stsd.inside(octets, 8);
        if (entries.size() != 1) {
            throw new FlawedObject(entries.isEmpty() ? Flaw.PARTS_MISSING : Flaw.SEVERAL_TRACKS);
        }
        IsoBox entry = entries.getFirst();
        Compression compression = Compression.ofIso(entry.type()).orElseThrow(() -> new FlawedObject(Flaw.COMPRESSION));
        int width = entry.u16(octets, 24);
        int height = entry.u16(octets, 26);
        List<IsoBox> details = entry.inside(octets, ENTRY_HEAD);
        byte[] setup = switch (compression) {
            case H264 -> IsoBox.required(details, "avcC").body(octets, 0);
            case HEVC -> IsoBox.required(details, "hvcC").body(octets, 0);
            case AV1 ->
                IsoBox.first(details, "av1C").map(box -> box.body(octets, 0)).orElse(new byte[0]);
            case MPEG4 -> mpeg4Setup(IsoBox.required(details, "esds"));
            case VP8, VP9, GIF -> new byte[0];
        };
        return new Entry(compression, setup, width, height);
    }

    /// The decoder's part of an elementary stream descriptor (ISO/IEC 14496-1, section 7.2.6).
    private byte[] mpeg4Setup(IsoBox esds) {
        int[] at = {4};
        if (descriptor(esds, at, 3) < 3) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        int flags = esds.u8(octets, at[0] + 2);
        at[0] += 3 + ((flags & 0x80) != 0 ? 2 : 0) + ((flags & 0x20) != 0 ? 2 : 0);
        if ((flags & 0x40) != 0) {
            at[0] += 1 + esds.u8(octets, at[0]);
        }
        descriptor(esds, at, 4);
        if (esds.u8(octets, at[0]) != 0x20) {
            throw new FlawedObject(Flaw.COMPRESSION);
        }
        at[0] += 13;
        int length = descriptor(esds, at, 5);
        byte[] rest = esds.body(octets, at[0]);
        return Arrays.copyOf(rest, Math.min(length, rest.length));
    }

    /// Steps into a descriptor with the given tag; its length.
    private int descriptor(IsoBox esds, int[] at, int tag) {
        if (esds.u8(octets, at[0]++) != tag) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        int length = 0;
        for (int i = 0; i < 4; i++) {
            int part = esds.u8(octets, at[0]++);
            length = length << 7 | part & 0x7f;
            if ((part & 0x80) == 0) {
                break;
            }
        }
        return length;
    }

    private void table(List<IsoBox> stbl, long scale, Samples samples) {
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
        int sample = 0;
        int run = 0;
        for (int chunk = 1; chunk <= chunkCount && sample < count; chunk++) {
            while (run + 1 < runs && stsc.u32(octets, 8 + 12 * (run + 1)) <= chunk) {
                run++;
            }
            long perChunk = stsc.u32(octets, 8 + 12 * run + 4);
            long at = wide ? chunks.u64(octets, 8 + 8 * (chunk - 1)) : chunks.u32(octets, 8 + 4 * (chunk - 1));
            for (long i = 0; i < perChunk && sample < count; i++, sample++) {
                long length = sizes.type().equals("stsz") ? size(sizes, sample) : smallSize(sizes, sample);
                add(samples, at, length, times.next(), keys[sample]);
                at += length;
            }
        }
        if (sample < count) {
            throw new FlawedObject(Flaw.PARTS_MISSING);
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

    private void add(Samples samples, long at, long length, long millis, boolean key) {
        if (length < 0 || at < 0 || at > octets.length() - length) {
            throw new FlawedObject(Flaw.ENDS_EARLY);
        }
        // A picture of no bytes repeats the one before it.
        if (length > 0) {
            samples.add((int) at, (int) length, millis, key);
        }
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

    private void fragments(IsoBox moov, long id, long scale, Samples samples) {
        List<IsoBox> found = moov.first(octets, "mvex").stream()
                .flatMap(mvex -> mvex.inside(octets, 0).stream())
                .filter(box -> box.type().equals("trex") && box.u32(octets, 4) == id)
                .toList();
        Optional<IsoBox> trex = IsoBox.first(found, "trex");
        if (trex.isEmpty()) {
            return;
        }
        long[] defaults = {
            trex.get().u32(octets, 12), trex.get().u32(octets, 16), trex.get().u32(octets, 20)
        };
        // The decoding time, and how many samples all runs have named.
        long[] clock = {0, 0};
        for (IsoBox moof : top) {
            if (!moof.type().equals("moof")) {
                continue;
            }
            for (IsoBox traf : moof.inside(octets, 0)) {
                if (traf.type().equals("traf")) {
                    fragment(moof, traf, id, scale, defaults.clone(), clock, samples);
                }
            }
        }
    }

    /// @param defaults duration, size and flags of a sample where nothing else is said
    /// @param clock decoding time, carried from fragment to fragment
    private void fragment(
            IsoBox moof, IsoBox traf, long id, long scale, long[] defaults, long[] clock, Samples samples) {
        List<IsoBox> inside = traf.inside(octets, 0);
        IsoBox tfhd = IsoBox.required(inside, "tfhd");
        if (tfhd.u32(octets, 4) != id) {
            return;
        }
        int flags = tfhd.flags(octets);
        int at = 8;
        long base = moof.from() - 8L;
        if ((flags & 1) != 0) {
            base = tfhd.u64(octets, at);
            at += 8;
        }
        at += (flags & 2) != 0 ? 4 : 0;
        for (int i = 0; i < 3; i++) {
            if ((flags & 8 << i) != 0) {
                defaults[i] = tfhd.u32(octets, at);
                at += 4;
            }
        }
        IsoBox.first(inside, "tfdt")
                .ifPresent(tfdt -> clock[0] = tfdt.version(octets) == 1 ? tfdt.u64(octets, 4) : tfdt.u32(octets, 4));
        long next = base;
        for (IsoBox trun : inside) {
            if (trun.type().equals("trun")) {
                next = run(trun, base, next, scale, defaults, clock, samples);
            }
        }
    }

    /// The samples of one run; where they end.
    private long run(IsoBox trun, long base, long follows, long scale, long[] defaults, long[] clock, Samples samples) {
        int flags = trun.flags(octets);
        long count = trun.u32(octets, 4);
        clock[1] += count;
        Samples.checkCount(clock[1]);
        int at = 8;
        long data = follows;
        if ((flags & 1) != 0) {
            data = base + trun.s32(octets, at);
            at += 4;
        }
        long first = defaults[2];
        if ((flags & 4) != 0) {
            first = trun.u32(octets, at);
            at += 4;
        }
        for (int i = 0; i < count; i++) {
            long[] own = {defaults[0], defaults[1], i == 0 ? first : defaults[2], 0};
            for (int field = 0; field < 4; field++) {
                if ((flags & 0x100 << field) != 0) {
                    own[field] = field == 3 ? trun.s32(octets, at) : trun.u32(octets, at);
                    at += 4;
                }
            }
            long millis = Times.millis(clock[0] + own[3], scale);
            add(samples, data, own[1], millis, (own[2] & NOT_SYNC) == 0 || samples.count() == 0);
            data += own[1];
            clock[0] += own[0];
        }
        return data;
    }
}
