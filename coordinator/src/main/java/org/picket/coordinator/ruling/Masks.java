package org.picket.coordinator.ruling;

import java.util.List;

/// Loops over whole masks: -1 where something is true, 0 where it is not.
final class Masks {
    private Masks() {}

    /// From sums to where they are at least so much.
    static void atLeast(int[] sums, int size, int least) {
        int below = least - 1;
        for (int i = 0; i < size; i++) {
            sums[i] = below - sums[i] >> 31;
        }
    }

    static boolean any(int[] mask, int size) {
        int seen = 0;
        for (int i = 0; i < size; i++) {
            seen |= mask[i];
        }
        return seen != 0;
    }

    static int most(List<ColumnProgram> programs) {
        return programs.stream().mapToInt(ColumnProgram::masks).max().orElse(0);
    }
}
