package org.picket.crawler.image;

/// One square RGB picture of a model's input size: `size * size * 3` bytes, row by row, channels interleaved.
///
/// @param pixels owned by whoever holds the view; not copied, since a view exists once and is sent at once
public record View(byte[] pixels) {
    /// Names no pixel, whatever it is printed into.
    @Override
    public String toString() {
        return "View[" + pixels.length + " bytes]";
    }
}
