package org.picket.crawler.image.structure;

import java.util.Optional;

/// What part of a picture is to be shown, where a container says so. All of it is looked at; but if what is shown were
/// only a small part, it would be too small to be seen among the rest.
final class Aperture {

    /// Of each side that must be left, in quarters.
    private static final long QUARTERS = 3;

    private Aperture() {}

    /// @param clap the box that says so (ISO/IEC 14496-12, 12.1.4), if there is one
    static void check(Octets octets, Optional<IsoBox> clap, long width, long height) {
        clap.ifPresent(box -> {
            check(box.u32(octets, 0), box.u32(octets, 4), width);
            check(box.u32(octets, 8), box.u32(octets, 12), height);
        });
    }

    /// @param part what is shown of a side, in parts
    /// @param of how many parts a pixel has
    static void check(long part, long of, long side) {
        if (of < 1 || 4 * part < QUARTERS * side * of) {
            throw new FlawedObject(Flaw.CROPPED);
        }
    }
}
