package org.picket.crawler.match;

/// Where the pixels of a picture lie in a raster of 3 bytes a pixel, red first.
///
/// @param width of the picture in pixels
/// @param height of the picture in pixels
/// @param origin index of the first byte of its upper left pixel
/// @param right bytes from a pixel to the one right of it; may be negative
/// @param down bytes from a pixel to the one below it; may be negative
public record Grid(int width, int height, int origin, int right, int down) {
    private static final int PIXEL = 3;

    /// A picture that is stored row by row.
    public static Grid upright(int width, int height) {
        return new Grid(width, height, 0, PIXEL, PIXEL * width);
    }

    /// The picture as it was before its raster was turned upright by EXIF.
    ///
    /// @param width of the raster in pixels
    /// @param height of the raster in pixels
    /// @param orientation as EXIF counts, 1 to 8
    public static Grid stored(int width, int height, int orientation) {
        boolean mirrored = orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
        boolean upended = orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
        int across = mirrored ? -PIXEL : PIXEL;
        int along = (upended ? -PIXEL : PIXEL) * width;
        int origin = PIXEL * ((mirrored ? width - 1 : 0) + (upended ? height - 1 : 0) * width);
        return orientation >= 5
                ? new Grid(height, width, origin, along, across)
                : new Grid(width, height, origin, across, along);
    }
}
