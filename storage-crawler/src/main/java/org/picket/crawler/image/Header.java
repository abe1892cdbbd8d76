package org.picket.crawler.image;

/// What a `*Structure` learned about a picture whose structure is sound to its end.
///
/// @param width stored width in pixels, before it is turned
/// @param height stored height in pixels, before it is turned
/// @param orientation EXIF orientation, 1 to 8
/// @param alpha whether pixels may be transparent
record Header(Format format, int width, int height, int orientation, boolean alpha) {

    Header {
        if (width < 1 || height < 1) {
            throw new FlawedObject(Flaw.NO_PIXELS);
        }
    }

    /// Checked as soon as a structure knows the sides, before it reads on and long before anything is decoded.
    static void checkPixels(long width, long height, long maxPixels) {
        if (width < 1 || height < 1) {
            throw new FlawedObject(Flaw.NO_PIXELS);
        }
        if (width > Integer.MAX_VALUE || height > Integer.MAX_VALUE || width * height > maxPixels) {
            throw new FlawedObject(Flaw.PIXELS);
        }
    }
}
