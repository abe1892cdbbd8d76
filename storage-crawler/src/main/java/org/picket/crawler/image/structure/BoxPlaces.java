package org.picket.crawler.image.structure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Sees to it that the boxes which a film is read by are found in their places alone. The parser that most
/// browsers play films by takes them wherever they are, and of two the first: a table of places that lies
/// beside the others would have it show other pictures than those that are looked at here.
final class BoxPlaces {

    private static final String ROOT = "";
    /// The boxes that decide what is shown, each with those that it may lie in.
    private static final Map<String, Set<String>> PLACES = Map.ofEntries(
            Map.entry("moov", Set.of(ROOT)),
            Map.entry("hoov", Set.of()),
            Map.entry("cmov", Set.of()),
            Map.entry("moof", Set.of(ROOT)),
            Map.entry("mvhd", Set.of("moov")),
            Map.entry("mvex", Set.of("moov")),
            Map.entry("trex", Set.of("mvex")),
            Map.entry("trak", Set.of("moov")),
            Map.entry("tkhd", Set.of("trak")),
            Map.entry("edts", Set.of("trak")),
            Map.entry("elst", Set.of("edts")),
            Map.entry("mdia", Set.of("trak")),
            Map.entry("mdhd", Set.of("mdia")),
            Map.entry("hdlr", Set.of("mdia", "minf", "meta", "udta")),
            Map.entry("minf", Set.of("mdia")),
            Map.entry("vmhd", Set.of("minf")),
            Map.entry("stbl", Set.of("minf")),
            Map.entry("stsd", Set.of("stbl")),
            Map.entry("stsz", Set.of("stbl")),
            Map.entry("stz2", Set.of("stbl")),
            Map.entry("stco", Set.of("stbl")),
            Map.entry("co64", Set.of("stbl")),
            Map.entry("stsc", Set.of("stbl")),
            Map.entry("stts", Set.of("stbl")),
            Map.entry("ctts", Set.of("stbl")),
            Map.entry("stss", Set.of("stbl")),
            // These lie in what `stsd` lists, which is not looked into here.
            Map.entry("avcC", Set.of()),
            Map.entry("hvcC", Set.of()),
            Map.entry("av1C", Set.of()),
            Map.entry("vpcC", Set.of()),
            Map.entry("esds", Set.of()),
            Map.entry("traf", Set.of("moof")),
            Map.entry("tfhd", Set.of("traf")),
            Map.entry("tfdt", Set.of("traf")),
            Map.entry("trun", Set.of("traf")));

    /// Boxes that hold boxes.
    private static final Set<String> FOLDERS =
            Set.of("moov", "trak", "edts", "mdia", "minf", "dinf", "stbl", "mvex", "udta", "meta", "moof", "traf");
    /// More than any film has one in the other.
    private static final int DEEPEST = 16;

    private final Octets octets;

    private BoxPlaces(Octets octets) {
        this.octets = octets;
    }

    /// Whether what is shown depends on boxes of this type.
    static boolean decides(String type) {
        return PLACES.containsKey(type);
    }

    /// @param top the boxes of the file
    /// @throws FlawedObject [Flaw#STRUCTURE] if one lies elsewhere
    static void check(Octets octets, List<IsoBox> top) {
        new BoxPlaces(octets).check(ROOT, top, 0);
    }

    private void check(String folder, List<IsoBox> boxes, int depth) {
        for (IsoBox box : boxes) {
            Set<String> places = PLACES.get(box.type());
            if (places != null && !places.contains(folder) || depth > DEEPEST) {
                throw new FlawedObject(Flaw.STRUCTURE);
            }
            if (FOLDERS.contains(box.type())) {
                check(box.type(), inside(box), depth + 1);
            }
        }
    }

    /// All that some parser may take for a box inside this one. What people write into films need not be boxes
    /// to its end, and of `meta` there are two kinds, with four bytes of its own and without.
    private List<IsoBox> inside(IsoBox box) {
        List<IsoBox> boxes = new ArrayList<>(box.some(octets, 0));
        if (box.type().equals("meta")) {
            boxes.addAll(box.some(octets, 4));
        }
        return boxes;
    }
}
