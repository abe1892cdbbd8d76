package org.picket.model.scene;

/// One synthetic picture before it is painted: everything in it follows from these values.
///
/// @param seed decides shapes, places and colours
/// @param width pixels
/// @param height pixels
/// @param labels what it shows
public record Scene(long seed, int width, int height, Labels labels) {
    private static final int SHAPE_PART = 1;

    /// A scene of a size between `minSide` and `maxSide` on its short side; three of four are no longer than
    /// 4:3, the others are up to 2:1 wide or 3:2 high.
    public static Scene of(long seed, Labels labels, int minSide, int maxSide) {
        Dice dice = new Dice(Dice.seed(seed, SHAPE_PART));
        int shortSide = dice.whole(minSide, maxSide);
        double aspect = dice.chance(0.75)
                ? dice.one(1.0, 1.25, 4.0 / 3, dice.between(1.0, 4.0 / 3))
                : dice.one(1.5, 16.0 / 9, dice.between(1.4, 2.0));
        boolean upright = dice.chance(0.3);
        if (upright) {
            aspect = Math.min(aspect, 1.5);
        }
        int longSide = (int) (shortSide * aspect);
        return upright ? new Scene(seed, shortSide, longSide, labels) : new Scene(seed, longSide, shortSide, labels);
    }

    int shortSide() {
        return Math.min(width, height);
    }
}
