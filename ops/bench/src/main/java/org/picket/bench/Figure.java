package org.picket.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// One measured figure: the median of several runs with the least and the most, as one line of JSON.
///
/// @param name what was measured, in dotted lower-case words
/// @param unit of the three values
/// @param runs one value each, in the order in which they were taken
/// @param conditions what it was measured under, as `name=value`
public record Figure(String name, String unit, List<Double> runs, List<String> conditions) {
    public Figure {
        if (runs.isEmpty()) {
            throw new IllegalArgumentException("a figure without a run: " + name);
        }
        runs = List.copyOf(runs);
        conditions = List.copyOf(conditions);
    }

    /// A figure taken once.
    public static Figure once(String name, String unit, double value, String... conditions) {
        return new Figure(name, unit, List.of(value), List.of(conditions));
    }

    /// Middle run, or the mean of the two in the middle.
    public double median() {
        double[] sorted =
                runs.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// Prints the line.
    public void print() {
        double[] sorted =
                runs.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        List<String> fields = new ArrayList<>(List.of(
                "\"figure\":\"" + name + "\"",
                "\"median\":" + number(median()),
                "\"unit\":\"" + unit + "\"",
                "\"least\":" + number(sorted[0]),
                "\"most\":" + number(sorted[sorted.length - 1]),
                "\"runs\":" + sorted.length));
        conditions.forEach(condition -> {
            String[] parts = condition.split("=", 2);
            fields.add("\"" + parts[0] + "\":\"" + parts[1].replace("\"", "'") + "\"");
        });
        System.out.println("{" + String.join(",", fields) + "}");
    }

    /// Run by run quotients of two series that were taken in turn: what holds where the machine's speed drifts.
    public static List<Double> ratios(List<Double> upper, List<Double> lower) {
        double[] quotients = new double[Math.min(upper.size(), lower.size())];
        Arrays.setAll(quotients, i -> upper.get(i) / lower.get(i));
        return Arrays.stream(quotients).boxed().toList();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) >= 1_000 ? "%.0f" : "%.4g", value);
    }
}
