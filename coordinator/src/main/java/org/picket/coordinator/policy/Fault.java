package org.picket.coordinator.policy;

import java.util.Comparator;

/// One thing that is wrong with a policy's text, at the place where it stands.
///
/// @param line counted from 1
/// @param column counted from 1
/// @param message what is wrong, with which thing, and what to do
public record Fault(int line, int column, String message) implements Comparable<Fault> {
    private static final Comparator<Fault> BY_PLACE =
            Comparator.comparingInt(Fault::line).thenComparingInt(Fault::column).thenComparing(Fault::message);

    public Fault {
        // It quotes what the text says, and is shown on terminals.
        message = message.replaceAll("[\\p{Cntrl}\\x80-\\x9f]", "?");
        if (line < 1 || column < 1) {
            throw new IllegalArgumentException("places are counted from 1: " + line + ":" + column);
        }
    }

    @Override
    public int compareTo(Fault other) {
        return BY_PLACE.compare(this, other);
    }

    /// `LINE:COLUMN: message`.
    @Override
    public String toString() {
        return line + ":" + column + ": " + message;
    }
}
