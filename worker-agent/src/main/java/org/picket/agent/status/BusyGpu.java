package org.picket.agent.status;

import java.util.Optional;

/// Whether an agent leaves the graphics card to others: it pauses once they use more of it than its operator allows, in
/// two looks one after the other, and goes on once they do not in three. Pure but for what it remembers; for one
/// thread.
public final class BusyGpu {
    private static final int BUSY_LOOKS = 2;
    private static final int QUIET_LOOKS = 3;
    /// One look may fail.
    private static final int BLIND_LOOKS = 2;

    private final int most;
    private int busy;
    private int quiet;
    private int percent;
    private boolean paused;
    private int unknown;
    private String why = "";

    /// @param most percent that others may use
    public BusyGpu(int most) {
        this.most = most;
    }

    /// A look.
    ///
    /// @param others where nothing can be told, nothing changes
    /// @return why it pauses, in words; empty: it does not
    public Optional<String> look(Others others) {
        switch (others) {
            case Others.Used used -> {
                percent = used.percent();
                boolean over = percent > most;
                busy = over ? busy + 1 : 0;
                quiet = over ? 0 : quiet + 1;
                paused = paused ? quiet < QUIET_LOOKS : busy >= BUSY_LOOKS;
                unknown = 0;
            }
            case Others.Unknown blind -> {
                unknown = Math.min(BLIND_LOOKS, unknown + 1);
                why = blind.why();
            }
        }
        return paused
                ? Optional.of(
                        "others use " + percent + " % of the graphics card; goes on when it is at most " + most + " %")
                : Optional.empty();
    }

    /// Why the limit is none, in words; empty: it is one.
    public Optional<String> blind() {
        return unknown < BLIND_LOOKS
                ? Optional.empty()
                : Optional.of("the limit of " + most + " % for others at the GPU (agent.gpu-busy) has no effect"
                        + " while the agent computes, because " + why);
    }
}
