package org.picket.model.samples;

import org.picket.model.scene.Dice;

/// File formats of samples, in shares like those of real uploads.
enum SampleFormat {
    JPEG("jpg", 700, 1200),
    WEBP("webp", 480, 800),
    PNG("png", 460, 620),
    GIF("gif", 448, 520);

    private final String extension;
    private final int minSide;
    private final int maxSide;

    SampleFormat(String extension, int minSide, int maxSide) {
        this.extension = extension;
        this.minSide = minSide;
        this.maxSide = maxSide;
    }

    String extension() {
        return extension;
    }

    /// Least pixels on the short side.
    int minSide() {
        return minSide;
    }

    /// Most pixels on the short side.
    int maxSide() {
        return maxSide;
    }

    static SampleFormat any(Dice dice) {
        int percent = dice.whole(0, 99);
        return percent < 64 ? JPEG : percent < 80 ? WEBP : percent < 92 ? PNG : GIF;
    }
}
