package org.picket.crawler.image.structure;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Finds the still picture of an AVIF or HEIC: the primary item of its `meta` box (ISO/IEC 23008-12), coded at
/// once or as a grid of tiles, with its alpha plane. It is whole when every byte that these items name lies
/// inside the object. EXIF data is not looked at: in this family `irot` and `imir` alone turn a picture.
/// Pictures beside the primary one (bursts, thumbnails) are not shown by viewers and not looked at here.
public final class HeifStructure {

    private static final int MAX_TILES = 1024;
    private static final int URN_LIMIT = 64;
    private static final Set<String> ALPHA =
            Set.of("urn:mpeg:mpegB:cicp:systems:auxiliary:alpha", "urn:mpeg:hevc:2015:auxid:1");

    /// A picture, or one tile of one.
    ///
    /// @param data the coded picture
    /// @param setup what the decoder must know before
    public record Tile(Compression compression, byte[] setup, byte[] data) {}

    /// One picture of `width` by `height`, or tiles of one size, in rows, that together cover it.
    public record Plane(boolean grid, int columns, int width, int height, List<Tile> tiles) {}

    /// @param colours as the `colr` box tells, if there is one
    public record Still(Header header, Plane colour, Optional<Plane> alpha, Optional<ToldColours> colours) {}

    private final Octets octets;
    private final long maxPixels;
    private final HeifItems items;

    private HeifStructure(Octets octets, IsoBox meta, long maxPixels) {
        this.octets = octets;
        this.maxPixels = maxPixels;
        this.items = new HeifItems(octets, meta);
    }

    /// What viewers may show of a file: the still picture, those of the sequence, or both. One of them is there.
    public record Shown(Optional<Still> still, Optional<Track> sequence) {}

    /// All that is to be looked at.
    ///
    /// @param format which of the two it is
    /// @throws FlawedObject where it is not sound to its end
    public static Shown read(Octets octets, Format format, long maxPixels) {
        List<IsoBox> top = IsoBox.top(octets);
        Shown shown = new Shown(
                IsoBox.first(top, "meta").map(meta -> read(octets, meta, format, maxPixels)),
                IsoBox.first(top, "moov").map(moov -> MovieStructure.read(octets, top, maxPixels)));
        if (shown.still().isEmpty() && shown.sequence().isEmpty()) {
            throw new FlawedObject(Flaw.PARTS_MISSING);
        }
        return shown;
    }

    /// @param meta the `meta` box at the top of the file
    static Still read(Octets octets, IsoBox meta, Format format, long maxPixels) {
        return new HeifStructure(octets, meta, maxPixels).still(format);
    }

    private Still still(Format format) {
        long primary = items.primary();
        Plane colour = plane(primary);
        List<Long> alphas =
                items.auxiliariesOf(primary).stream().filter(this::isAlpha).toList();
        if (alphas.size() > 1 || !alphas.stream().allMatch(items::isPlain)) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        Optional<Plane> alpha = alphas.stream().findFirst().map(this::plane);
        alpha.filter(plane -> plane.width() != colour.width() || plane.height() != colour.height())
                .ifPresent(other -> {
                    throw new FlawedObject(Flaw.SIZE_DIFFERS);
                });
        Aperture.check(octets, items.property(primary, "clap"), colour.width(), colour.height());
        Header header = new Header(format, colour.width(), colour.height(), orientation(primary), alpha.isPresent());
        return new Still(header, colour, alpha, colours(primary));
    }

    /// Whether an auxiliary picture is alpha. Some viewers compare the beginning of the name of its kind, and
    /// others all of it.
    private boolean isAlpha(long item) {
        Optional<IsoBox> told = items.property(item, "auxC");
        if (told.isEmpty()) {
            return false;
        }
        IsoBox box = told.get();
        String kind = octets.ascii(box.from() + 4, Math.clamp(box.length() - 4L, 0, URN_LIMIT));
        int end = kind.indexOf(0);
        String name = end < 0 ? kind : kind.substring(0, end);
        if (!ALPHA.contains(name) && ALPHA.stream().anyMatch(name::startsWith)) {
            throw new FlawedObject(Flaw.HEIF_ITEM);
        }
        return ALPHA.contains(name);
    }

    /// The turns and mirrorings of the picture, in the order in which they are to be applied, as one EXIF
    /// orientation.
    private int orientation(long item) {
        int orientation = Orientation.UPRIGHT;
        items.property(item, "irot");
        items.property(item, "imir");
        for (IsoBox box : items.propertiesOf(item)) {
            if (box.type().equals("irot")) {
                // Quarter turns against the clock.
                for (int turns = box.u8(octets, 0) & 3; turns > 0; turns--) {
                    orientation = Orientation.then(orientation, Orientation.QUARTER_LEFT);
                }
            } else if (box.type().equals("imir")) {
                boolean leftRight = (box.u8(octets, 0) & 1) != 0;
                orientation = Orientation.then(
                        orientation, leftRight ? Orientation.MIRRORED_LEFT_RIGHT : Orientation.MIRRORED_TOP_BOTTOM);
            }
        }
        return orientation;
    }

    private Optional<ToldColours> colours(long item) {
        List<IsoBox> told = items.propertiesOf(item).stream()
                .filter(box -> box.type().equals("colr"))
                .toList();
        told.forEach(box -> ToldColours.check(octets, box));
        List<IsoBox> listed =
                told.stream().filter(box -> ToldColours.isListed(octets, box)).toList();
        return IsoBox.first(listed, "colr").map(box -> ToldColours.of(octets, box));
    }

    private Plane plane(long item) {
        IsoBox ispe = items.property(item, "ispe").orElseThrow(() -> new FlawedObject(Flaw.PARTS_MISSING));
        Header.checkPixels(ispe.u32(octets, 4), ispe.u32(octets, 8), maxPixels);
        int width = ispe.s32(octets, 4);
        int height = ispe.s32(octets, 8);
        String type = items.type(item);
        if (!type.equals("grid")) {
            return new Plane(false, 1, width, height, List.of(tile(item)));
        }
        byte[] grid = items.data(item);
        Octets fields = new Octets(grid, grid.length);
        boolean wide = (fields.u8(1) & 1) != 0;
        int rows = fields.u8(2) + 1;
        int columns = fields.u8(3) + 1;
        long shownWidth = wide ? fields.u32(4) : fields.u16(4);
        long shownHeight = wide ? fields.u32(8) : fields.u16(6);
        List<Long> parts = items.tilesOf(item);
        if (parts.size() != rows * columns
                || rows * columns > MAX_TILES
                || shownWidth != width
                || shownHeight != height) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        return new Plane(
                true, columns, width, height, parts.stream().map(this::tile).toList());
    }

    private Tile tile(long item) {
        Compression compression = Compression.ofIso(items.type(item))
                .filter(kind -> kind == Compression.AV1 || kind == Compression.HEVC)
                .orElseThrow(() -> new FlawedObject(Flaw.HEIF_ITEM));
        items.property(item, "ispe")
                .ifPresent(ispe -> Header.checkPixels(ispe.u32(octets, 4), ispe.u32(octets, 8), maxPixels));
        Optional<IsoBox> setup = items.property(item, compression == Compression.AV1 ? "av1C" : "hvcC");
        byte[] bytes = setup.map(box -> box.body(octets, 0)).orElseThrow(() -> new FlawedObject(Flaw.PARTS_MISSING));
        byte[] data = items.data(item);
        if (compression == Compression.AV1) {
            // Of several pictures one viewer shows the first, and another the last.
            Av1Headers.checkOne(data, 0, data.length);
        }
        return new Tile(compression, bytes, data);
    }
}
