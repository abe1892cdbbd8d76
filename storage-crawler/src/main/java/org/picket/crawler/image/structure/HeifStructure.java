package org.picket.crawler.image.structure;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds the still picture of an AVIF or HEIC: the primary item of its `meta` box (ISO/IEC 23008-12), coded at
/// once or as a grid of tiles, with its alpha plane. It is whole when every byte that these items name lies
/// inside the object. EXIF data is not looked at: in this family `irot` and `imir` alone turn a picture.
/// Pictures beside the primary one (bursts, thumbnails) are not shown by viewers and not looked at here.
public final class HeifStructure {

    private static final int MAX_ITEMS = 4096;
    private static final int MAX_TILES = 1024;
    private static final int URN_ALPHA_LIMIT = 64;

    /// A picture, or one tile of one.
    ///
    /// @param data the coded picture
    /// @param setup what the decoder must know before
    public record Tile(Compression compression, byte[] setup, byte[] data) {}

    /// One picture of `width` by `height`, or tiles of one size, in rows, that together cover it.
    public record Plane(boolean grid, int columns, int width, int height, List<Tile> tiles) {}

    /// @param colours as the `colr` box tells, if there is one
    public record Still(Header header, Plane colour, Optional<Plane> alpha, Optional<ToldColours> colours) {}

    private record Location(int method, long[] from, long[] length) {}

    private final Octets octets;
    private final long maxPixels;
    private final IsoBox meta;
    private final List<IsoBox> boxes;
    private final Map<Long, String> types = new HashMap<>();
    private final Map<Long, Location> locations = new HashMap<>();
    private final Map<Long, List<Integer>> associations = new HashMap<>();
    private final Map<Long, List<Long>> tiles = new HashMap<>();
    private final List<long[]> auxiliaries = new ArrayList<>();
    private List<IsoBox> properties = List.of();
    private long taken;

    private HeifStructure(Octets octets, IsoBox meta, long maxPixels) {
        this.octets = octets;
        this.meta = meta;
        this.maxPixels = maxPixels;
        this.boxes = meta.inside(octets, 4);
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
        IsoBox pitm = IsoBox.required(boxes, "pitm");
        long primary = pitm.version(octets) == 0 ? pitm.u16(octets, 4) : pitm.u32(octets, 4);
        readTypes(IsoBox.required(boxes, "iinf"));
        readLocations(IsoBox.required(boxes, "iloc"));
        readProperties(IsoBox.required(boxes, "iprp"));
        IsoBox.first(boxes, "iref").ifPresent(this::readReferences);
        Plane colour = plane(primary);
        List<Long> alphas = auxiliaries.stream()
                .filter(pair -> pair[1] == primary && isAlpha(pair[0]))
                .map(pair -> pair[0])
                .toList();
        if (alphas.size() > 1) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        Optional<Plane> alpha = alphas.stream().findFirst().map(this::plane);
        alpha.filter(plane -> plane.width() != colour.width() || plane.height() != colour.height())
                .ifPresent(other -> {
                    throw new FlawedObject(Flaw.SIZE_DIFFERS);
                });
        Header header = new Header(format, colour.width(), colour.height(), orientation(primary), alpha.isPresent());
        return new Still(header, colour, alpha, colours(primary));
    }

    private void readTypes(IsoBox iinf) {
        int head = iinf.version(octets) == 0 ? 6 : 8;
        for (IsoBox infe : iinf.inside(octets, head)) {
            int version = infe.version(octets);
            if (!infe.type().equals("infe") || version < 2 || types.size() >= MAX_ITEMS) {
                throw new FlawedObject(Flaw.STRUCTURE);
            }
            long id = version == 2 ? infe.u16(octets, 4) : infe.u32(octets, 4);
            checkNew(types, id);
            int at = version == 2 ? 6 : 8;
            // A protected item is no picture to anybody without its key.
            types.put(id, infe.u16(octets, at) == 0 ? infe.four(octets, at + 2) : "locked");
        }
    }

    private void readLocations(IsoBox iloc) {
        int version = iloc.version(octets);
        int offsetSize = iloc.u8(octets, 4) >> 4;
        int lengthSize = iloc.u8(octets, 4) & 15;
        int baseSize = iloc.u8(octets, 5) >> 4;
        int indexSize = version == 0 ? 0 : iloc.u8(octets, 5) & 15;
        long count = version < 2 ? iloc.u16(octets, 6) : iloc.u32(octets, 6);
        int at = version < 2 ? 8 : 10;
        if (version > 2 || count > MAX_ITEMS) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        for (int i = 0; i < count; i++) {
            long id = version < 2 ? iloc.u16(octets, at) : iloc.u32(octets, at);
            checkNew(locations, id);
            at += version < 2 ? 2 : 4;
            int method = version == 0 ? 0 : iloc.u16(octets, at) & 15;
            at += version == 0 ? 2 : 4;
            long base = number(iloc, at, baseSize);
            at += baseSize;
            int extents = iloc.u16(octets, at);
            at += 2;
            if (extents > MAX_ITEMS) {
                throw new FlawedObject(Flaw.STRUCTURE);
            }
            long[] from = new long[extents];
            long[] length = new long[extents];
            for (int extent = 0; extent < extents; extent++) {
                at += indexSize;
                from[extent] = base + number(iloc, at, offsetSize);
                at += offsetSize;
                length[extent] = number(iloc, at, lengthSize);
                at += lengthSize;
            }
            locations.put(id, new Location(method, from, length));
        }
    }

    /// Viewers differ in which of two items with one number they take.
    private static void checkNew(Map<Long, ?> items, long id) {
        if (items.containsKey(id)) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
    }

    private long number(IsoBox box, int at, int size) {
        return switch (size) {
            case 0 -> 0;
            case 4 -> box.u32(octets, at);
            case 8 -> box.u64(octets, at);
            default -> throw new FlawedObject(Flaw.STRUCTURE);
        };
    }

    private void readProperties(IsoBox iprp) {
        List<IsoBox> inside = iprp.inside(octets, 0);
        properties = IsoBox.required(inside, "ipco").inside(octets, 0);
        for (IsoBox ipma : inside) {
            if (!ipma.type().equals("ipma")) {
                continue;
            }
            boolean wideItems = ipma.version(octets) > 0;
            boolean wideIndices = (ipma.flags(octets) & 1) != 0;
            long count = ipma.u32(octets, 4);
            if (count > MAX_ITEMS) {
                throw new FlawedObject(Flaw.STRUCTURE);
            }
            int at = 8;
            for (int i = 0; i < count; i++) {
                long id = wideItems ? ipma.u32(octets, at) : ipma.u16(octets, at);
                at += wideItems ? 4 : 2;
                int indices = ipma.u8(octets, at++);
                checkNew(associations, id);
                List<Integer> list = new ArrayList<>();
                associations.put(id, list);
                for (int k = 0; k < indices; k++) {
                    int index = wideIndices ? ipma.u16(octets, at) & 0x7fff : ipma.u8(octets, at) & 0x7f;
                    at += wideIndices ? 2 : 1;
                    if (index > properties.size()) {
                        throw new FlawedObject(Flaw.STRUCTURE);
                    }
                    if (index > 0) {
                        list.add(index - 1);
                    }
                }
            }
        }
    }

    private void readReferences(IsoBox iref) {
        boolean wide = iref.version(octets) > 0;
        int step = wide ? 4 : 2;
        for (IsoBox reference : iref.inside(octets, 4)) {
            long source = wide ? reference.u32(octets, 0) : reference.u16(octets, 0);
            int count = reference.u16(octets, step);
            List<Long> targets = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int at = step + 2 + i * step;
                targets.add(wide ? reference.u32(octets, at) : reference.u16(octets, at));
            }
            if (reference.type().equals("dimg")) {
                checkNew(tiles, source);
                tiles.put(source, targets);
            } else if (reference.type().equals("auxl")) {
                targets.forEach(target -> auxiliaries.add(new long[] {source, target}));
            }
        }
    }

    /// The one property of that kind; viewers differ in which of two they take.
    private Optional<IsoBox> property(long item, String type) {
        return IsoBox.first(propertiesOf(item), type);
    }

    private List<IsoBox> propertiesOf(long item) {
        return associations.getOrDefault(item, List.of()).stream()
                .map(properties::get)
                .toList();
    }

    private boolean isAlpha(long item) {
        return property(item, "auxC")
                .map(box -> new String(
                        octets.data(),
                        box.from() + 4,
                        Math.clamp(box.length() - 4L, 0, URN_ALPHA_LIMIT),
                        StandardCharsets.ISO_8859_1))
                .filter(urn -> urn.startsWith("urn:mpeg:mpegB:cicp:systems:auxiliary:alpha")
                        || urn.startsWith("urn:mpeg:hevc:2015:auxid:1"))
                .isPresent();
    }

    /// The turns and mirrorings of the picture, in the order in which they are to be applied, as one EXIF
    /// orientation.
    private int orientation(long item) {
        int orientation = Orientation.UPRIGHT;
        property(item, "irot");
        property(item, "imir");
        for (IsoBox box : propertiesOf(item)) {
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
        List<IsoBox> told = propertiesOf(item).stream()
                .filter(box -> box.type().equals("colr") && box.four(octets, 0).equals("nclx"))
                .toList();
        return IsoBox.first(told, "colr")
                .map(box -> new ToldColours(box.u16(octets, 8), (box.u8(octets, 10) & 0x80) != 0));
    }

    private Plane plane(long item) {
        IsoBox ispe = property(item, "ispe").orElseThrow(() -> new FlawedObject(Flaw.PARTS_MISSING));
        Header.checkPixels(ispe.u32(octets, 4), ispe.u32(octets, 8), maxPixels);
        int width = ispe.s32(octets, 4);
        int height = ispe.s32(octets, 8);
        String type = type(item);
        if (!type.equals("grid")) {
            return new Plane(false, 1, width, height, List.of(tile(item)));
        }
        byte[] grid = data(item);
        Octets fields = new Octets(grid, grid.length);
        boolean wide = (fields.u8(1) & 1) != 0;
        int rows = fields.u8(2) + 1;
        int columns = fields.u8(3) + 1;
        long shownWidth = wide ? fields.u32(4) : fields.u16(4);
        long shownHeight = wide ? fields.u32(8) : fields.u16(6);
        List<Long> items = tiles.getOrDefault(item, List.of());
        if (items.size() != rows * columns
                || rows * columns > MAX_TILES
                || shownWidth != width
                || shownHeight != height) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        return new Plane(
                true, columns, width, height, items.stream().map(this::tile).toList());
    }

    private String type(long item) {
        return Optional.ofNullable(types.get(item)).orElseThrow(() -> new FlawedObject(Flaw.PARTS_MISSING));
    }

    private Tile tile(long item) {
        Compression compression = Compression.ofIso(type(item))
                .filter(kind -> kind == Compression.AV1 || kind == Compression.HEVC)
                .orElseThrow(() -> new FlawedObject(Flaw.HEIF_ITEM));
        property(item, "ispe")
                .ifPresent(ispe -> Header.checkPixels(ispe.u32(octets, 4), ispe.u32(octets, 8), maxPixels));
        Optional<IsoBox> setup = property(item, compression == Compression.AV1 ? "av1C" : "hvcC");
        byte[] bytes = setup.map(box -> box.body(octets, 0)).orElseThrow(() -> new FlawedObject(Flaw.PARTS_MISSING));
        return new Tile(compression, bytes, data(item));
    }

    /// The bytes of an item, put together from its extents.
    private byte[] data(long item) {
        Location location =
                Optional.ofNullable(locations.get(item)).orElseThrow(() -> new FlawedObject(Flaw.PARTS_MISSING));
        int start = 0;
        int end = octets.length();
        if (location.method() == 1) {
            IsoBox idat = IsoBox.required(boxes, "idat");
            start = idat.from();
            end = idat.end();
        } else if (location.method() != 0) {
            throw new FlawedObject(Flaw.HEIF_ITEM);
        }
        long whole = 0;
        for (int i = 0; i < location.from().length; i++) {
            long length = length(location, i, end - start);
            if (location.from()[i] < 0 || length < 1 || location.from()[i] > end - start - length) {
                throw new FlawedObject(Flaw.ENDS_EARLY);
            }
            whole += length;
        }
        taken += whole;
        // Tiles that share their bytes would make much of little.
        if (whole == 0 || taken > octets.length()) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        byte[] data = new byte[(int) whole];
        int to = 0;
        for (int i = 0; i < location.from().length; i++) {
            int length = (int) length(location, i, end - start);
            System.arraycopy(octets.data(), start + (int) location.from()[i], data, to, length);
            to += length;
        }
        return data;
    }

    /// A length of 0 means: to the end.
    private static long length(Location location, int extent, int available) {
        return location.length()[extent] == 0 ? available - location.from()[extent] : location.length()[extent];
    }
}
