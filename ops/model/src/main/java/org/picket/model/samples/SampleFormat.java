package org.picket.model.samples;

import org.picket.model.scene.Dice;

/// File formats of samples, in shares like those of real uploads.
enum SampleFormat {
    JPEG("jpg", 700, 1200),
    WEBP("webp", 480, 800),
    PNG("png", 460, 620),
    GIF("gif", 448, 520),
    AVIF("avif", 460, 620),
    APNG("apng", 448, 480),
    ANIMATED_WEBP("webp", 448, 520),
    MP4("mp4", 448, 520),
    WEBM("webm", 448, 520);

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
        return switch (percent / 4) {
            case 0 -> AVIF;
            case 1 -> percent < 6 ? APNG : ANIMATED_WEBP;
            case 2 -> percent < 10 ? MP4 : WEBM;
            case 3, 4 -> GIF;
            case 5, 6, 7 -> PNG;
            case 8, 9, 10, 11 -> WEBP;
            default -> JPEG;
        };
    }
}
