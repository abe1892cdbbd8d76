package org.picket.crawler.image.structure;

/// Counts the frames of an animation and their pixels while its structure is read, long before any is decoded.
public final class FrameBudget {

    /// More frames than any animation that people post; each costs a decode.
    static final int MAX_FRAMES = 4096;
    /// All frames together may have this many times the pixels of the largest single picture.
    private static final int PIXELS_FACTOR = 4;

    private final long maxPixels;
    private long pixels;
    private int frames;

    public FrameBudget(long maxPixels) {
        this.maxPixels = maxPixels;
    }

    /// One more frame of this size.
    public void take(long width, long height) {
        Header.checkPixels(width, height, maxPixels);
        pixels += width * height;
        frames++;
        if (pixels > PIXELS_FACTOR * maxPixels || frames > MAX_FRAMES) {
            throw new FlawedObject(Flaw.FRAME_PIXELS);
        }
    }
}
