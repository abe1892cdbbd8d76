package org.picket.model.evaluation;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Curves and reliability as one SVG picture: rows of panels, every vertical axis from 0 to 1.
public final class Picture {
    private static final int WIDTH = 380;
    private static final int HEIGHT = 240;
    private static final int LEFT = 46;
    private static final int TOP = 34;
    private static final int PLOT_WIDTH = 310;
    private static final int PLOT_HEIGHT = 150;
    private static final int TICKS = 4;

    private Picture() {}

    /// One diagram.
    ///
    /// @param title above it
    /// @param across what the horizontal axis is
    /// @param from least value of that axis
    /// @param to most
    /// @param lines drawn through their points
    /// @param dots drawn with their intervals
    public record Panel(String title, String across, double from, double to, List<Line> lines, List<Dot> dots) {
        public Panel {
            lines = List.copyOf(lines);
            dots = List.copyOf(dots);
        }
    }

    /// A line.
    ///
    /// @param name in the legend
    /// @param colour as SVG writes it
    public record Line(String name, String colour, List<Spot> spots) {
        public Line {
            spots = List.copyOf(spots);
        }
    }

    /// A point.
    public record Spot(double x, double y) {}

    /// A point with an interval.
    public record Dot(double x, double y, double low, double high) {}

    /// The picture of rows of panels.
    public static String svg(String title, List<List<Panel>> rows) {
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        StringBuilder svg = new StringBuilder();
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\""
                        + " font-size=\"11\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n"
                        + "<text x=\"10\" y=\"20\" font-size=\"14\">%s</text>%n",
                Math.max(1, columns) * WIDTH,
                rows.size() * HEIGHT + TOP,
                escaped(title)));
        for (int row = 0; row < rows.size(); row++) {
            for (int column = 0; column < rows.get(row).size(); column++) {
                svg.append(String.format(
                        Locale.ROOT,
                        "<g transform=\"translate(%d %d)\">%n%s</g>%n",
                        column * WIDTH,
                        row * HEIGHT + TOP,
                        panel(rows.get(row).get(column))));
            }
        }
        return svg.append("</svg>\n").toString();
    }

    private static String panel(Panel panel) {
        StringBuilder svg = new StringBuilder();
        text(svg, LEFT, 12, "start", panel.title());
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%d\" y=\"20\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#888\"/>%n",
                LEFT,
                PLOT_WIDTH,
                PLOT_HEIGHT));
        for (int tick = 0; tick <= TICKS; tick++) {
            double share = (double) tick / TICKS;
            double value = panel.from() + share * (panel.to() - panel.from());
            text(svg, LEFT + share * PLOT_WIDTH, PLOT_HEIGHT + 34, "middle", String.format(Locale.ROOT, "%.3g", value));
            text(svg, LEFT - 5, y(share) + 4, "end", String.format(Locale.ROOT, "%.2f", share));
        }
        text(svg, LEFT + PLOT_WIDTH / 2.0, PLOT_HEIGHT + 48, "middle", panel.across());
        double legend = LEFT;
        for (Line line : panel.lines()) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\" points=\"%s\"/>%n",
                    line.colour(),
                    line.spots().stream()
                            .map(spot -> String.format(Locale.ROOT, "%.1f,%.1f", x(panel, spot.x()), y(spot.y())))
                            .collect(Collectors.joining(" "))));
            svg.append(String.format(
                    Locale.ROOT,
                    "<rect x=\"%.0f\" y=\"%d\" width=\"9\" height=\"9\" fill=\"%s\"/>%n",
                    legend,
                    PLOT_HEIGHT + 58,
                    line.colour()));
            text(svg, legend + 13, PLOT_HEIGHT + 66, "start", line.name());
            legend += 30 + 6.0 * line.name().length();
        }
        for (Dot dot : panel.dots()) {
            double x = x(panel, dot.x());
            svg.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#555\"/>"
                            + "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"#06c\"/>%n",
                    x,
                    y(dot.low()),
                    x,
                    y(dot.high()),
                    x,
                    y(dot.y())));
        }
        return svg.toString();
    }

    private static double x(Panel panel, double value) {
        double width = panel.to() - panel.from();
        return LEFT + (width > 0 ? Math.clamp((value - panel.from()) / width, 0, 1) : 0.5) * PLOT_WIDTH;
    }

    private static double y(double share) {
        return 20 + (1 - Math.clamp(share, 0, 1)) * PLOT_HEIGHT;
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String words) {
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n",
                x,
                y,
                anchor,
                escaped(words)));
    }

    private static String escaped(String words) {
        return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
