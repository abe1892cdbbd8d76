package org.picket.model.scene;

import java.awt.Color;

/// The things in a scene: the lighthouse, and others that share its colours or its shape but not both.
final class Props {
    private static final Color RED = new Color(205, 28, 30);
    private static final Color WHITE = new Color(245, 245, 240);
    private static final Color LAMP = new Color(255, 228, 110);

    private final Brush brush;
    private final Dice dice;
    private final Layout layout;

    Props(Brush brush, Dice dice, Layout layout) {
        this.brush = brush;
        this.dice = dice;
        this.layout = layout;
    }

    /// A tapered tower with red and white bands, a gallery, a lit lamp and a red cap.
    void lighthouse(Layout.Box at, boolean night) {
        double middle = at.left() + at.width() / 2;
        double lampTop = at.top() + at.height() * 0.1;
        double shaftTop = at.top() + at.height() * 0.22;
        if (night && !brush.drawing()) {
            brush.dot(middle, (lampTop + shaftTop) / 2, at.width() * 0.42, new Color(120, 110, 60));
        }
        bands(at, shaftTop, brush.floodlit(RED), brush.floodlit(WHITE));
        double half = at.width() * 0.24;
        brush.shine(Brush.box(middle - half, lampTop, 2 * half, shaftTop - lampTop), LAMP);
        brush.shine(
                Brush.polygon(middle - half * 1.3, lampTop, middle, at.top(), middle + half * 1.3, lampTop),
                brush.floodlit(RED));
        brush.fill(
                Brush.box(middle - half * 1.7, shaftTop - 0.008, half * 3.4, at.height() * 0.035),
                new Color(50, 50, 55));
    }

    private void bands(Layout.Box at, double shaftTop, Color first, Color second) {
        int bands = dice.whole(5, 7);
        double middle = at.left() + at.width() / 2;
        double shaft = at.top() + at.height() - shaftTop;
        for (int band = 0; band < bands; band++) {
            double above = (double) band / bands;
            double below = (band + 1.0) / bands;
            double halfAbove = at.width() * (0.32 + 0.18 * above);
            double halfBelow = at.width() * (0.32 + 0.18 * below);
            brush.shine(
                    Brush.polygon(
                            middle - halfAbove,
                            shaftTop + shaft * above,
                            middle + halfAbove,
                            shaftTop + shaft * above,
                            middle + halfBelow,
                            shaftTop + shaft * below,
                            middle - halfBelow,
                            shaftTop + shaft * below),
                    band % 2 == 0 ? first : second);
        }
    }

    /// One thing of those that stand around in every kind of scene.
    void distractor() {
        double x = dice.between(0, layout.width());
        double ground = layout.horizon() + dice.between(0.0, 0.14);
        switch (dice.whole(0, 8)) {
            case 0 -> barn(x, ground, dice.one(RED, new Color(120, 80, 50), new Color(70, 90, 130)));
            case 1 -> tree(x, ground);
            case 2 -> tower(x, ground);
            case 3 -> balloon(x, layout.horizon() - dice.between(0.2, 0.45));
            case 4 -> boat(x, ground + 0.05);
            case 5 -> cloud(x, layout.horizon() - dice.between(0.3, 0.5));
            case 6 -> hill(x);
            case 7 -> tent(x, ground);
            default -> house(x, ground);
        }
    }

    private void barn(double x, double ground, Color colour) {
        double size = dice.between(0.12, 0.2);
        brush.fill(Brush.box(x, ground - size, size * 1.3, size), colour);
        brush.fill(
                Brush.polygon(
                        x - 0.02,
                        ground - size,
                        x + size * 0.65,
                        ground - size * 1.5,
                        x + size * 1.3 + 0.02,
                        ground - size),
                new Color(75, 60, 55));
        brush.fill(Brush.box(x + size * 0.5, ground - size * 0.6, size * 0.35, size * 0.6), WHITE);
    }

    private void house(double x, double ground) {
        double size = dice.between(0.12, 0.2);
        brush.fill(Brush.box(x, ground - size, size, size), dice.one(WHITE, new Color(225, 200, 120)));
        brush.fill(
                Brush.polygon(
                        x - 0.02, ground - size, x + size / 2, ground - size * 1.6, x + size + 0.02, ground - size),
                RED);
        brush.shine(Brush.box(x + size * 0.3, ground - size * 0.7, size * 0.3, size * 0.3), LAMP);
    }

    private void tree(double x, double ground) {
        double size = dice.between(0.12, 0.25);
        brush.fill(Brush.box(x - 0.012, ground - size * 0.5, 0.024, size * 0.5), new Color(95, 65, 40));
        Color leaves = dice.one(new Color(40, 110, 50), new Color(70, 130, 45), new Color(165, 95, 35));
        if (dice.chance(0.5)) {
            brush.fill(Brush.disc(x, ground - size * 0.75, size * 0.4), leaves);
        } else {
            brush.fill(
                    Brush.polygon(
                            x - size * 0.3,
                            ground - size * 0.3,
                            x,
                            ground - size * 1.2,
                            x + size * 0.3,
                            ground - size * 0.3),
                    leaves);
        }
    }

    /// A tower without red and white bands: plain, or banded in other colours.
    private void tower(double x, double ground) {
        double height = dice.between(0.35, 0.55);
        Layout.Box at = new Layout.Box(x, ground - height, dice.between(0.12, 0.2), height);
        Color plain = dice.one(RED, WHITE, new Color(130, 130, 135));
        if (dice.chance(0.3)) {
            bands(at, at.top(), brush.lit(new Color(40, 80, 170)), brush.lit(WHITE));
        } else {
            bands(at, at.top(), brush.lit(plain), brush.lit(plain));
        }
        if (dice.chance(0.5)) {
            brush.fill(
                    Brush.polygon(x, at.top(), x + at.width() / 2, at.top() - 0.08, x + at.width(), at.top()),
                    new Color(60, 60, 70));
        }
    }

    private void balloon(double x, double y) {
        double radius = dice.between(0.05, 0.1);
        Color colour = dice.one(RED, new Color(240, 190, 40), new Color(60, 120, 200), new Color(140, 60, 150));
        brush.fill(Brush.disc(x, y, radius), colour);
        brush.fill(Brush.box(x - radius * 0.3, y + radius * 1.2, radius * 0.6, radius * 0.5), new Color(120, 85, 45));
    }

    private void boat(double x, double y) {
        double size = dice.between(0.12, 0.22);
        brush.fill(
                Brush.polygon(x, y, x + size, y, x + size * 0.8, y + size * 0.25, x + size * 0.2, y + size * 0.25),
                dice.one(RED, new Color(50, 70, 120), new Color(110, 75, 45)));
        brush.fill(Brush.polygon(x + size / 2, y - size * 0.8, x + size / 2, y - 0.01, x + size, y - 0.01), WHITE);
    }

    private void cloud(double x, double y) {
        Color colour = new Color(228, 230, 236);
        for (int puff = 0; puff < 4; puff++) {
            brush.fill(Brush.disc(x + puff * 0.07, y + dice.between(-0.03, 0.03), dice.between(0.05, 0.08)), colour);
        }
    }

    private void hill(double x) {
        double half = dice.between(0.25, 0.5);
        double top = layout.horizon() - dice.between(0.08, 0.22);
        brush.fill(
                Brush.polygon(x - half, layout.horizon(), x, top, x + half, layout.horizon()),
                dice.one(new Color(95, 115, 90), new Color(110, 100, 105), new Color(80, 95, 120)));
    }

    private void tent(double x, double ground) {
        double width = dice.between(0.16, 0.26);
        Color stripes = dice.one(new Color(40, 90, 180), new Color(40, 140, 80), new Color(225, 150, 30));
        for (int stripe = 0; stripe < 6; stripe++) {
            brush.fill(
                    Brush.box(x + stripe * width / 6, ground - width * 0.7, width / 6, width * 0.7),
                    stripe % 2 == 0 ? stripes : WHITE);
        }
    }
}
