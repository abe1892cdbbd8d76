package org.picket.crawler.image.structure;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The items of a `meta` box (ISO/IEC 23008-12): what each is, where its bytes lie, what is said of it, and
/// which belong together.
final class HeifItems {

    private static final int MAX_ITEMS = 4096;

    /// Said of a property by which an item must not be shown if it is not understood.
    private static final int ESSENTIAL = 0x8000;
    /// Properties that may be essential, for they are heeded here.
    private static final Set<String> UNDERSTOOD =
            Set.of("ispe", "pixi", "av1C", "hvcC", "auxC", "colr", "irot", "imir", "clap", "pasp");
    /// Properties that choose one of several pictures of an item.
    private static final Set<String> CHOICES = Set.of("a1op", "lsel");

    private record Location(int method, long[] from, long[] length) {}

    private final Octets octets;
    private final List<IsoBox> boxes;
    private final Map<Long, String> types = new HashMap<>();
    private final Map<Long, Location> locations = new HashMap<>();
    private final Map<Long, List<Integer>> associations = new HashMap<>();
    private final Map<Long, List<Long>> tiles = new HashMap<>();
    /// What each auxiliary picture belongs to.
    private final Map<Long, List<Long>> auxiliaries = new HashMap<>();

    /// Items that viewers leave out, an alpha plane for one, and then show what it would hide.
    private final Set<Long> strange = new HashSet<>();

    private final Set<Long> thumbnails = new HashSet<>();
    private List<IsoBox> properties = List.of();
    private long taken;

    HeifItems(Octets octets, IsoBox meta) {
        this.octets = octets;
        this.boxes = meta.inside(octets, 4);
        readTypes(IsoBox.required(boxes, "iinf"));
        readLocations(IsoBox.required(boxes, "iloc"));
        readProperties(IsoBox.required(boxes, "iprp"));
        IsoBox.first(boxes, "iref").ifPresent(this::readReferences);
    }

    /// The item that is to be shown.
    long primary() {
        IsoBox pitm = IsoBox.required(boxes, "pitm");
        return pitm.version(octets) == 0 ? pitm.u16(octets, 4) : pitm.u32(octets, 4);
    }

    /// The pictures that add something to an item's.
    List<Long> auxiliariesOf(long item) {
        return auxiliaries.entrySet().stream()
                .filter(pair -> pair.getValue().contains(item))
                .map(Map.Entry::getKey)
                .toList();
    }

    /// Whether an auxiliary picture adds something to one item and is nothing else. Viewers differ in which of several
    /// items they take it for, and some leave out what is a thumbnail too.
    boolean isPlain(long auxiliary) {
        return auxiliaries.get(auxiliary).size() == 1 && !thumbnails.contains(auxiliary);
    }

    /// The items that an item is put together from.
    List<Long> tilesOf(long item) {
        return tiles.getOrDefault(item, List.of());
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
                    int told = wideIndices ? ipma.u16(octets, at) : ipma.u8(octets, at) << 8;
                    int index = wideIndices ? told & 0x7fff : told >> 8 & 0x7f;
                    at += wideIndices ? 2 : 1;
                    if (index > properties.size()) {
                        throw new FlawedObject(Flaw.STRUCTURE);
                    }
                    if (index > 0) {
                        list.add(index - 1);
                        noteStrange(id, properties.get(index - 1).type(), (told & ESSENTIAL) != 0);
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
                auxiliaries.computeIfAbsent(source, first -> new ArrayList<>()).addAll(targets);
            } else if (reference.type().equals("thmb")) {
                thumbnails.add(source);
            }
        }
    }

    private void noteStrange(long item, String property, boolean essential) {
        if (CHOICES.contains(property) || essential && !UNDERSTOOD.contains(property)) {
            strange.add(item);
        }
    }

    /// The one property of that kind; viewers differ in which of two they take.
    Optional<IsoBox> property(long item, String type) {
        return IsoBox.first(propertiesOf(item), type);
    }

    List<IsoBox> propertiesOf(long item) {
        return associations.getOrDefault(item, List.of()).stream()
                .map(properties::get)
                .toList();
    }

    /// What an item is that is to be shown.
    String type(long item) {
        if (strange.contains(item)) {
            throw new FlawedObject(Flaw.HEIF_ITEM);
        }
        return Optional.ofNullable(types.get(item)).orElseThrow(() -> new FlawedObject(Flaw.PARTS_MISSING));
    }

    /// The bytes of an item, put together from its extents.
    byte[] data(long item) {
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
