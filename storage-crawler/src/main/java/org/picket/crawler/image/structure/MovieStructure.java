package org.picket.crawler.image.structure;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// Finds the pictures of an MP4, QuickTime or animated AVIF or HEIC file (ISO/IEC 14496-12), whether its sample
/// tables lie in the `moov` box or in fragments. It is whole when every picture that the tables name lies
/// inside the object. Edit lists are not followed: what they skip is looked at too. But where they skip most of it, or
/// most of each picture is cut off, little would be looked at of what is shown ([Flaw#CROPPED]).
public final class MovieStructure {

    private static final int ENTRY_HEAD = 78;
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
        BoxPlaces.check(octets, top);
        return new MovieStructure(octets, top, maxPixels).track();
    }

    private Track track() {
        IsoBox moov = IsoBox.required(top, "moov");
        List<IsoBox> trak = shown(moov).inside(octets, 0);
        IsoBox tkhd = IsoBox.required(trak, "tkhd");
        List<IsoBox> mdia = IsoBox.required(trak, "mdia").inside(octets, 0);
        long scale = scale(IsoBox.required(mdia, "mdhd"));
        List<IsoBox> stbl = IsoBox.required(IsoBox.required(mdia, "minf").inside(octets, 0), "stbl")
                .inside(octets, 0);
        Entry entry = entry(IsoBox.required(stbl, "stsd"));
        Header.checkPixels(entry.width(), entry.height(), maxPixels);
        Samples samples = new Samples();
        SampleTable.read(octets, stbl, scale, samples);
        new Fragments(octets, number(tkhd), scale, samples).read(moov, top);
        if (samples.count() == 0) {
            throw new FlawedObject(Flaw.PARTS_MISSING);
        }
        checkEdits(moov, trak, scale, samples);
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

    private void checkEdits(IsoBox moov, List<IsoBox> trak, long scale, Samples samples) {
        IsoBox.first(trak, "edts").flatMap(edts -> edts.first(octets, "elst")).ifPresent(elst -> {
            IsoBox mvhd = moov.first(octets, "mvhd").orElseThrow(() -> new FlawedObject(Flaw.PARTS_MISSING));
            EditList.check(octets, elst, scale(mvhd), scale, samples);
        });
    }

    /// Units of time in a second, which the heads of films and of tracks have at one place.
    private long scale(IsoBox head) {
        return Math.max(1, head.u32(octets, head.version(octets) == 1 ? 20 : 12));
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
        Aperture.check(octets, IsoBox.first(details, "clap"), width, height);
        details.stream().filter(box -> box.type().equals("colr")).forEach(colr -> ToldColours.check(octets, colr));
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
}
