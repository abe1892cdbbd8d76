package org.picket.crawler.match;

import java.util.List;

/// What PDQ makes of one picture.
///
/// @param variants its hash first, then those of its mirror images and quarter turns: [#VARIANTS] in all
/// @param quality 0 (no features: the hash means nothing) to 100
public record Fingerprint(List<PdqHash> variants, int quality) {
    /// A square has so many symmetries.
    public static final int VARIANTS = 8;

    public static final int BEST_QUALITY = 100;

    public Fingerprint {
        variants = List.copyOf(variants);
        if (variants.size() != VARIANTS || quality < 0 || quality > BEST_QUALITY) {
            throw new IllegalArgumentException("a fingerprint has " + VARIANTS + " variants and a quality of 0 to 100");
        }
    }

    /// Of the picture as it is.
    public PdqHash hash() {
        return variants.getFirst();
    }

    /// Names no hash, whatever it is printed into.
    @Override
    public String toString() {
        return "Fingerprint[quality " + quality + "]";
    }
}
