package org.picket.coordinator.ruling;

import java.util.ArrayList;
import java.util.List;
import org.picket.coordinator.policy.Fuses;

/// The newest rulings of a site, counted in batches, oldest first. It covers at least the fuse's window where
/// there have been so many, and little more: batches are merged up to a 32nd of the window, so there are never
/// more than about 64.
///
/// @param batches oldest first
public record FlagWindow(List<Batch> batches) {
    public static final FlagWindow EMPTY = new FlagWindow(List.of());

    private static final int PARTS = 32;

    public FlagWindow {
        batches = List.copyOf(batches);
    }

    /// @param ruled objects ruled on
    /// @param flagged those of them that were flagged
    public record Batch(long ruled, long flagged) {
        public Batch {
            if (ruled < 0 || flagged < 0 || flagged > ruled) {
                throw new IllegalArgumentException(flagged + " flagged of " + ruled);
            }
        }

        Batch plus(Batch other) {
            return new Batch(ruled + other.ruled, flagged + other.flagged);
        }
    }

    public long ruled() {
        return batches.stream().mapToLong(Batch::ruled).sum();
    }

    public long flagged() {
        return batches.stream().mapToLong(Batch::flagged).sum();
    }

    /// With a newer batch, and without the oldest ones that the window does not need any more.
    public FlagWindow plus(Batch newest, Fuses fuses) {
        var next = new ArrayList<>(batches);
        if (!next.isEmpty() && next.getLast().ruled() + newest.ruled() <= fuses.window() / PARTS) {
            next.set(next.size() - 1, next.getLast().plus(newest));
        } else {
            next.add(newest);
        }
        long ruled = next.stream().mapToLong(Batch::ruled).sum();
        while (ruled - next.getFirst().ruled() >= fuses.window()) {
            ruled -= next.removeFirst().ruled();
        }
        return new FlagWindow(next);
    }
}
