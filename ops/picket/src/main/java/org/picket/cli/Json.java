package org.picket.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One JSON object (RFC 8259) on one line, its fields in the order in which they were put.
final class Json {
    private final Map<String, String> fields = new LinkedHashMap<>();

    Json put(String name, String value) {
        fields.put(name, quote(value));
        return this;
    }

    Json put(String name, long value) {
        fields.put(name, Long.toString(value));
        return this;
    }

    Json put(String name, boolean value) {
        fields.put(name, Boolean.toString(value));
        return this;
    }

    /// A number with at most `digits` digits after the point.
    Json put(String name, double value, int digits) {
        fields.put(
                name,
                java.math.BigDecimal.valueOf(value)
                        .setScale(digits, java.math.RoundingMode.HALF_UP)
                        .stripTrailingZeros()
                        .toPlainString());
        return this;
    }

    Json put(String name, Json value) {
        fields.put(name, value.toString());
        return this;
    }

    Json put(String name, List<Json> values) {
        fields.put(name, array(values));
        return this;
    }

    static String array(List<Json> values) {
        return "[" + String.join(",", values.stream().map(Json::toString).toList()) + "]";
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("{");
        fields.forEach((name, value) -> {
            if (text.length() > 1) {
                text.append(',');
            }
            text.append(quote(name)).append(':').append(value);
        });
        return text.append('}').toString();
    }

    private static String quote(String value) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    // Beyond what the standard demands: what a terminal could take for a command goes out as a number.
                    if (c < 0x20 || c >= 0x7f && c < 0xa0 || Character.isSurrogate(c) && !paired(value, i)) {
                        text.append(String.format("\\u%04x", (int) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        return text.append('"').toString();
    }

    private static boolean paired(String value, int i) {
        return Character.isHighSurrogate(value.charAt(i))
                ? i + 1 < value.length() && Character.isLowSurrogate(value.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(value.charAt(i - 1));
    }
}
