package org.picket.bench.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How fast a scan goes once it has warmed up, from the lines that it prints: of a scan of many minutes the first one
/// says little.
final class Pace {
    private static final Pattern LINE = Pattern.compile("(?m)^([0-9,]+) of ([0-9,]+) objects");
    /// What counts begins when so much is done.
    private static final double WARM = 1.0 / 3;

    private record Mark(double seconds, double done) {}

    private final List<Mark> marks = new ArrayList<>();
    private int seen;

    /// @param printed by the scan up to now
    void look(String printed, double seconds) {
        if (printed.length() == seen) {
            return;
        }
        Matcher line = LINE.matcher(printed);
        line.region(Math.max(0, printed.lastIndexOf('\n', Math.max(0, seen - 1))), printed.length());
        while (line.find()) {
            double done = number(line.group(1));
            boolean counts = done >= WARM * number(line.group(2));
            if (counts && (marks.isEmpty() || marks.getLast().done() < done)) {
                marks.add(new Mark(seconds, done));
            }
        }
        seen = printed.length();
    }

    /// Objects a second between the first line and the last one that count; NaN where there are not two.
    double objectsPerSecond() {
        if (marks.size() < 2) {
            return Double.NaN;
        }
        Mark first = marks.getFirst();
        Mark last = marks.getLast();
        return (last.done() - first.done()) / (last.seconds() - first.seconds());
    }

    private static double number(String text) {
        return Double.parseDouble(text.replace(",", ""));
    }
}
