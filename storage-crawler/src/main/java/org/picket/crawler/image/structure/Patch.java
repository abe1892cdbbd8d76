package org.picket.crawler.image.structure;

/// One frame of an animation: a rectangle that is laid on the canvas.
///
/// @param x left edge on the canvas
/// @param y upper edge on the canvas
/// @param blend whether what lies below shows through transparent pixels; else they replace it
/// @param disposal what becomes of the rectangle when the next frame comes
/// @param millis how long it is shown, as browsers do
public record Patch(int x, int y, int width, int height, boolean blend, Disposal disposal, int millis) {

    /// Browsers show frames whose delay is below this for [#DEFAULT_MILLIS].
    private static final int SHORTEST_MILLIS = 20;
    private static final int DEFAULT_MILLIS = 100;

    public enum Disposal {
        KEEP,
        /// To transparent.
        CLEAR,
        /// To what was there before.
        RESTORE
    }

    /// How long browsers show a frame whose delay is told as `told`.
    public static int shown(long told) {
        return told < SHORTEST_MILLIS ? DEFAULT_MILLIS : (int) Math.min(told, Integer.MAX_VALUE);
    }
}
