package org.picket.model.rehearsal;

/// The size of one encoder.
///
/// @param layers transformer blocks
/// @param width numbers per token between blocks
/// @param heads of attention; divides the width
/// @param embedding numbers that come out
public record Tower(int layers, int width, int heads, int embedding) {
    /// Both encoders of CLIP ViT-L/14.
    public static final Tower VISION_LARGE = new Tower(24, 1_024, 16, 768);

    /// As [#VISION_LARGE].
    public static final Tower TEXT_LARGE = new Tower(12, 768, 12, 768);

    public Tower {
        if (layers < 1 || width < 1 || heads < 1 || width % heads != 0 || embedding < 1) {
            throw new IllegalArgumentException("no encoder has " + layers + " layers, " + heads + " heads of " + width);
        }
    }
}
