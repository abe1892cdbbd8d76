package org.picket.agent.status;

import java.util.Optional;
import java.util.OptionalInt;

/// Whether an agent leaves the graphics card to others: it pauses once they use more of it than its operator allows, in
/// two looks one after the other, and goes on once they do not in three. Pure but for what it remembers; for one
/// thread.
public final class BusyGpu {
    private static final int BUSY_LOOKS = 2;
    private static final int QUIET_LOOKS = 3;

    private final int most;
    private int busy;
    private int quiet;
    private int percent;
    private boolean paused;

    /// @param most percent that others may use
    public BusyGpu(int most) {
        this.most = most;
    }

    /// A look.
    ///
    /// @param others percent that others use; empty: it cannot be told now, which changes nothing
    /// @return why it pauses, in words; empty: it does not
    public Optional<String> look(OptionalInt others) {
        if (others.isPresent()) {
            percent = others.getAsInt();
            boolean over = percent > most;
            busy = over ? busy + 1 : 0;
            quiet = over ? 0 : quiet + 1;
            paused = paused ? quiet < QUIET_LOOKS : busy >= BUSY_LOOKS;
        }
        return paused
                ? Optional.of(
                        "others use " + percent + " % of the graphics card; goes on when it is at most " + most + " %")
                : Optional.empty();
    }
}
