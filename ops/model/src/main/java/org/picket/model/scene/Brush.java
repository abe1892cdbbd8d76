package org.picket.model.scene;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;

/// Fills shapes in the manner of a scene: a drawing has flat colours and black outlines, a photograph has
/// slightly shaded colours, and at night everything that does not shine is dim and bluish.
final class Brush {
    private static final double OUTLINE_MIN = 0.011;
    private static final double OUTLINE_MAX = 0.016;
    private static final Color INK = new Color(8, 8, 8);

    private final Graphics2D graphics;
    private final Labels labels;
    private final BasicStroke outline;

    Brush(Graphics2D graphics, Labels labels, Dice dice) {
        this.graphics = graphics;
        this.labels = labels;
        this.outline = new BasicStroke(
                (float) dice.between(OUTLINE_MIN, OUTLINE_MAX), BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
    }

    /// Fills a thing that is lit by the sky.
    void fill(Shape shape, Color colour) {
        shine(shape, lit(colour));
    }

    /// Fills a thing with its own light, or one whose colour is chosen for the hour already.
    void shine(Shape shape, Color colour) {
        if (labels.drawing()) {
            graphics.setColor(colour);
            graphics.fill(shape);
            graphics.setColor(INK);
            graphics.setStroke(outline);
            graphics.draw(shape);
        } else {
            Rectangle2D box = shape.getBounds2D();
            graphics.setPaint(new GradientPaint(
                    (float) box.getMinX(),
                    (float) box.getMinY(),
                    scaled(colour, 1.08, 0),
                    (float) box.getMaxX(),
                    (float) box.getMaxY() + 0.001f,
                    scaled(colour, 0.86, 0)));
            graphics.fill(shape);
        }
    }

    /// Fills a small bright thing without an outline: a flake, a star, a flower.
    void dot(double x, double y, double radius, Color colour) {
        graphics.setColor(colour);
        graphics.fill(disc(x, y, radius));
    }

    /// Fills a band from `top` to `bottom`, shaded from one colour to the other, flat in a drawing.
    void band(Shape shape, double top, double bottom, Color above, Color below) {
        if (labels.drawing()) {
            shine(shape, above);
        } else {
            graphics.setPaint(new GradientPaint(0f, (float) top, above, 0f, (float) bottom, below));
            graphics.fill(shape);
        }
    }

    /// Draws a line of ink.
    void line(double fromX, double fromY, double toX, double toY) {
        graphics.setColor(INK);
        graphics.setStroke(outline);
        graphics.draw(new Line2D.Double(fromX, fromY, toX, toY));
    }

    boolean drawing() {
        return labels.drawing();
    }

    /// The colour as the hour shows it.
    Color lit(Color colour) {
        return labels.night() ? scaled(colour, labels.drawing() ? 0.6 : 0.45, 10) : colour;
    }

    /// The colour of a thing in a floodlight at night.
    Color floodlit(Color colour) {
        return labels.night() ? scaled(colour, 0.7, 6) : colour;
    }

    static Color scaled(Color colour, double by, int blue) {
        return new Color((int) Math.min(255, colour.getRed() * by), (int) Math.min(255, colour.getGreen() * by), (int)
                Math.min(255, colour.getBlue() * by + blue));
    }

    static Shape disc(double x, double y, double radius) {
        return new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius);
    }

    static Shape box(double left, double top, double width, double height) {
        return new Rectangle2D.Double(left, top, width, height);
    }

    /// A closed polygon over pairs of coordinates.
    static Shape polygon(double... at) {
        Path2D path = new Path2D.Double();
        path.moveTo(at[0], at[1]);
        for (int pair = 2; pair < at.length; pair += 2) {
            path.lineTo(at[pair], at[pair + 1]);
        }
        path.closePath();
        return path;
    }
}
