package org.picket.model.scene;

/// Where things stand, in units of the short side: the horizon and the tower of the lighthouse. The tower
/// stands wholly inside one view, and every view sees both sky and ground.
///
/// @param width of the picture
/// @param height of the picture
/// @param horizon from the top
/// @param tower box of the lighthouse (where one would stand, if the picture shows none)
public record Layout(double width, double height, double horizon, Box tower) {
    /// Pictures longer than this are seen as several square tiles, others as their middle square.
    public static final double LONGEST_CROPPED = 4.0 / 3;

    private static final int LAYOUT_PART = 2;
    private static final double MARGIN = 0.08;

    /// An upright rectangle.
    public record Box(double left, double top, double width, double height) {
        /// This box with a margin on every side.
        public Box wider(double margin) {
            return new Box(left - margin, top - margin, width + 2 * margin, height + 2 * margin);
        }

        /// The share of this box that lies within a unit square.
        public double within(double squareLeft, double squareTop) {
            double across = Math.min(left + width, squareLeft + 1) - Math.max(left, squareLeft);
            double down = Math.min(top + height, squareTop + 1) - Math.max(top, squareTop);
            return Math.max(0, across) * Math.max(0, down) / (width * height);
        }
    }

    /// The layout of a scene.
    public static Layout of(Scene scene) {
        Dice dice = new Dice(Dice.seed(scene.seed(), LAYOUT_PART));
        double width = (double) scene.width() / scene.shortSide();
        double height = (double) scene.height() / scene.shortSide();
        boolean cropped = Math.max(width, height) <= LONGEST_CROPPED;
        double horizon = height > LONGEST_CROPPED
                ? dice.between(height - 0.8, 0.8)
                : (height - 1) / 2 + dice.between(0.58, 0.74);
        int tiles = (int) Math.ceil(width);
        double windowLeft =
                cropped || tiles == 1 ? (width - 1) / 2 : (width - 1) * dice.whole(0, tiles - 1) / (tiles - 1);
        double towerWidth = dice.between(0.17, 0.24);
        double towerHeight = dice.between(0.44, 0.56);
        double base = horizon + dice.between(0.02, 0.1);
        double left = windowLeft + dice.between(MARGIN, 1 - MARGIN - towerWidth);
        return new Layout(width, height, horizon, new Box(left, base - towerHeight, towerWidth, towerHeight));
    }
}
