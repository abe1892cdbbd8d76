package org.picket.crawler.image.structure;

/// What a `*Structure` learned about a picture whose structure is sound to its end.
///
/// @param width stored width in pixels, before it is turned
/// @param height stored height in pixels, before it is turned
/// @param orientation EXIF orientation, 1 to 8
/// @param alpha whether pixels may be transparent
/// @param skew how many times more samples of a colour one direction has than the other, rounded up: 2 for a JPEG of
///     4:2:2, 1 for 4:2:0, for 4:4:4 and for all that is decoded whole
public record Header(Format format, int width, int height, int orientation, boolean alpha, int skew) {

    public Header(Format format, int width, int height, int orientation, boolean alpha) {
        this(format, width, height, orientation, alpha, 1);
    }

    public Header {
        if (width < 1 || height < 1) {
            throw new FlawedObject(Flaw.NO_PIXELS);
        }
    }

    /// Checked as soon as a structure knows the sides, before it reads on and long before anything is decoded.
    public static void checkPixels(long width, long height, long maxPixels) {
        if (width < 1 || height < 1) {
            throw new FlawedObject(Flaw.NO_PIXELS);
        }
        if (width > Integer.MAX_VALUE || height > Integer.MAX_VALUE || width * height > maxPixels) {
            throw new FlawedObject(Flaw.PIXELS);
        }
    }
}
