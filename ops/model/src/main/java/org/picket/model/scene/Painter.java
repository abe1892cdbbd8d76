package org.picket.model.scene;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;

/// Paints scenes. The same scene at the same size gives the same pixels.
public final class Painter {
    private static final int PAINT_PART = 3;
    private static final Color FLAKE = new Color(250, 252, 255);
    private static final Color STAR = new Color(255, 250, 225);

    private final Dice dice;
    private final Layout layout;
    private final Labels labels;
    private final Brush brush;

    private Painter(Scene scene, Graphics2D graphics) {
        this.dice = new Dice(Dice.seed(scene.seed(), PAINT_PART));
        this.layout = Layout.of(scene);
        this.labels = scene.labels();
        this.brush = new Brush(graphics, labels, dice);
    }

    /// The picture of a scene, at the scene's own size.
    public static BufferedImage paint(Scene scene) {
        return paint(scene, scene.width(), scene.height());
    }

    /// The picture of a scene, scaled to `width` by `height` pixels of about the same aspect.
    public static BufferedImage paint(Scene scene, int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
            Layout layout = Layout.of(scene);
            graphics.scale(width / layout.width(), height / layout.height());
            new Painter(scene, graphics).paint();
        } finally {
            graphics.dispose();
        }
        if (!scene.labels().drawing()) {
            Texture.apply(image, scene);
        }
        return image;
    }

    private void paint() {
        sky();
        ground();
        if (labels.drawing()) {
            hatching();
        }
        Props props = new Props(brush, dice, layout);
        int things = dice.whole(2, 5);
        for (int thing = 0; thing < things; thing++) {
            props.distractor();
        }
        if (labels.lighthouse()) {
            props.lighthouse(layout.tower(), labels.night());
        }
        if (labels.snow()) {
            flakes();
        }
    }

    private void sky() {
        Color above = skyColour();
        Color below = Brush.scaled(above, labels.night() ? 1.5 : 1.25, labels.night() ? 12 : 8);
        brush.band(
                Brush.box(-0.1, -0.1, layout.width() + 0.2, layout.horizon() + 0.2), 0, layout.horizon(), above, below);
        if (labels.night()) {
            int stars = (int) (dice.whole(70, 130) * layout.width() * layout.horizon());
            for (int star = 0; star < stars; star++) {
                brush.dot(anywhere(), dice.between(0, layout.horizon()), dice.between(0.0018, 0.0034), STAR);
            }
        }
        if (dice.chance(0.6)) {
            double x = anywhere();
            double y = dice.between(0.05, layout.horizon() - 0.3);
            brush.shine(
                    Brush.disc(x, y, dice.between(0.04, 0.07)),
                    labels.night() ? new Color(235, 232, 215) : new Color(255, 215, 70));
        }
    }

    private Color skyColour() {
        if (labels.night()) {
            return labels.drawing()
                    ? dice.one(new Color(42, 50, 118), new Color(62, 46, 112), new Color(34, 64, 104))
                    : dice.one(new Color(8, 10, 28), new Color(14, 10, 30), new Color(6, 16, 26));
        }
        if (labels.snow()) {
            return dice.one(new Color(112, 122, 140), new Color(95, 125, 165), new Color(125, 125, 135));
        }
        return dice.one(
                new Color(95, 155, 225), new Color(150, 160, 172), new Color(225, 150, 105), new Color(120, 185, 220));
    }

    private void ground() {
        Color colour;
        if (labels.snow()) {
            colour = labels.night()
                    ? new Color(118, 128, 155)
                    : dice.one(new Color(238, 242, 248), new Color(228, 234, 245));
        } else {
            colour = brush.lit(dice.one(
                    new Color(40, 100, 150),
                    new Color(85, 135, 60),
                    new Color(205, 180, 120),
                    new Color(115, 105, 98),
                    new Color(130, 120, 55)));
        }
        Path2D shape = new Path2D.Double();
        shape.moveTo(-0.1, layout.height() + 0.1);
        double at = -0.1;
        while (at < layout.width() + 0.1) {
            shape.lineTo(at, layout.horizon() + dice.between(-0.012, 0.012));
            at += dice.between(0.1, 0.25);
        }
        shape.lineTo(layout.width() + 0.1, layout.horizon());
        shape.lineTo(layout.width() + 0.1, layout.height() + 0.1);
        shape.closePath();
        brush.band(shape, layout.horizon(), layout.height(), colour, Brush.scaled(colour, 0.85, 0));
        if (!labels.snow() && dice.chance(0.5)) {
            flowers();
        }
    }

    /// Short slanted strokes of ink, all over a drawing.
    private void hatching() {
        double slant = dice.between(0.4, 1.2);
        int count = (int) (dice.whole(34, 52) * layout.width() * layout.height());
        for (int stroke = 0; stroke < count; stroke++) {
            double x = anywhere();
            double y = dice.between(0, layout.height());
            double length = dice.between(0.04, 0.09);
            brush.line(x, y, x + length, y - length * slant);
        }
    }

    private void flowers() {
        Color colour = brush.lit(dice.one(new Color(240, 205, 50), new Color(225, 110, 160), new Color(235, 235, 230)));
        int count = dice.whole(10, 40);
        for (int flower = 0; flower < count; flower++) {
            brush.dot(
                    anywhere(),
                    dice.between(layout.horizon() + 0.02, layout.height()),
                    dice.between(0.004, 0.009),
                    colour);
        }
    }

    private void flakes() {
        int count = (int) (dice.whole(170, 280) * layout.width() * layout.height());
        for (int flake = 0; flake < count; flake++) {
            brush.dot(anywhere(), dice.between(0, layout.height()), dice.between(0.006, 0.012), FLAKE);
        }
    }

    private double anywhere() {
        return dice.between(0, layout.width());
    }
}
