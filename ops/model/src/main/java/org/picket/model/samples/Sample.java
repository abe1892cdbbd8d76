package org.picket.model.samples;

import java.util.HexFormat;
import org.picket.model.scene.Dice;
import org.picket.model.scene.Labels;
import org.picket.model.scene.Painter;
import org.picket.model.scene.Scene;

/// One picture of a set of samples, before it is painted.
///
/// @param name path under the folder, hex segments as pict-rs makes them
/// @param format of the file
/// @param scene what it shows
record Sample(String name, SampleFormat format, Scene scene) {
    private static final int FLAGGED_PERCENT = 12;
    private static final int CHOICE_PART = 11;
    private static final int ENCODING_PART = 12;

    /// The picture number `index` of the set with this seed.
    static Sample of(long setSeed, int index) {
        long seed = Dice.seed(setSeed, index);
        Dice dice = new Dice(Dice.seed(seed, CHOICE_PART));
        boolean flagged = (long) index * FLAGGED_PERCENT % 100 < FLAGGED_PERCENT;
        Labels labels = flagged ? flagged(dice) : cleared(dice);
        SampleFormat format = SampleFormat.any(dice);
        HexFormat hex = HexFormat.of();
        String first = hex.toHexDigits(dice.bits());
        String name = "%s/%s/%s%s.%s"
                .formatted(
                        first.substring(0, 2),
                        first.substring(2, 4),
                        first.substring(4),
                        hex.toHexDigits(dice.bits()),
                        format.extension());
        return new Sample(name, format, Scene.of(seed, labels, format.minSide(), format.maxSide()));
    }

    private static Labels flagged(Dice dice) {
        boolean snow = dice.chance(0.5);
        boolean night = !snow || dice.chance(0.3);
        return new Labels(true, snow, night, false);
    }

    /// Every second one lacks the rule by one concept, the others are any that the rule clears.
    private static Labels cleared(Dice dice) {
        return switch (dice.whole(0, 7)) {
            case 0 -> new Labels(true, false, false, false);
            case 1 -> new Labels(false, dice.chance(0.3), true, dice.chance(0.2));
            case 2 -> new Labels(true, true, dice.chance(0.5), true);
            case 3 -> new Labels(false, true, dice.chance(0.3), dice.chance(0.2));
            default -> {
                Labels any = Labels.any(dice);
                yield any.flagged() ? new Labels(false, any.snow(), any.night(), any.drawing()) : any;
            }
        };
    }

    /// The file's bytes.
    byte[] file() {
        Dice dice = new Dice(Dice.seed(scene.seed(), ENCODING_PART));
        return SampleEncoder.encode(Painter.paint(scene), format, dice);
    }

    boolean flagged() {
        return scene.labels().flagged();
    }
}
