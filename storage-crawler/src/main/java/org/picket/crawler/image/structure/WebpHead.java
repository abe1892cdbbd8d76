package org.picket.crawler.image.structure;

import java.util.Arrays;

/// What the first chunk of a WebP says of all others (RFC 9649, 2.7), if it is one that does, and what the
/// chunks say that describe the picture. Without that chunk there is one picture, and the others say nothing.
final class WebpHead {

    private static final int EXIF = 0x08;
    private static final int ALPHA = 0x10;
    private static final int LENGTH = 10;

    private final Octets octets;
    private final int place;
    private final boolean extended;
    private final int flags;
    private final int width;
    private final int height;
    private int orientation = Orientation.UPRIGHT;
    private boolean turned;

    private WebpHead(Octets octets, int place, long maxPixels) {
        this.octets = octets;
        this.place = place;
        this.extended = octets.spells(place, "VP8X");
        if (extended && octets.u32le(place + 4) < LENGTH) {
            throw new FlawedObject(Flaw.HEADER);
        }
        int body = place + 8;
        this.flags = extended ? octets.u8(body) : 0;
        this.width = extended ? octets.u24le(body + 4) + 1 : 0;
        this.height = extended ? octets.u24le(body + 7) + 1 : 0;
        if (extended) {
            Header.checkPixels(width, height, maxPixels);
        }
    }

    /// @param place of the first chunk
    static WebpHead of(Octets octets, int place, long maxPixels) {
        return new WebpHead(octets, place, maxPixels);
    }

    boolean hasAlpha() {
        return (flags & ALPHA) != 0;
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    int orientation() {
        return orientation;
    }

    /// Takes a chunk that is no picture.
    ///
    /// @param end behind its data
    void chunk(int at, int end) {
        if (octets.spells(at, "VP8X") && at != place) {
            throw new FlawedObject(Flaw.STRUCTURE);
        } else if (octets.spells(at, "ICCP")) {
            Shades.checkProfile(Arrays.copyOfRange(octets.data(), at + 8, end));
        } else if (octets.spells(at, "EXIF") && (flags & EXIF) != 0 && !turned) {
            turned = true;
            int tiff = octets.spells(at + 8, "Exif\0\0") ? at + 14 : at + 8;
            orientation = Orientation.told(octets, tiff, end).orElse(Orientation.UPRIGHT);
        }
    }

    /// Fails where a still picture has other sides than are said.
    void checkSides(int[] sides) {
        if (extended && (sides[0] != width || sides[1] != height)) {
            throw new FlawedObject(Flaw.HEADER);
        }
    }

    /// Fails where transparency is not announced: some viewers heed it all the same, and others show what it hides.
    void checkAlpha(boolean there) {
        if (extended && there && !hasAlpha()) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
    }
}
