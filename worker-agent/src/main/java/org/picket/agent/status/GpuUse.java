package org.picket.agent.status;

import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.picket.agent.inference.NvidiaTool;

/// How busy the graphics card is, by its driver's own tool, where there is one; asked for seldom, since each look
/// starts a process. For one thread.
public final class GpuUse {
    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int MOST_DIGITS = 3;
    private static final int MOST_PERCENT = 100;

    private static final int DEVICE_COLUMN = 0;
    private static final int PROCESS_COLUMN = 1;
    private static final int USE_COLUMN = 3;

    private OptionalInt last = OptionalInt.empty();
    private boolean asked;
    private long next;

    /// Whether a look is due.
    ///
    /// @param nanos by [System#nanoTime]
    public boolean due(long nanos) {
        return !asked || nanos - next >= 0;
    }

    /// Percent of the time of late; empty: not measured.
    ///
    /// @param nanos by [System#nanoTime]
    public OptionalInt percent(long nanos) {
        if (due(nanos)) {
            asked = true;
            next = nanos + EVERY_NANOS;
            last = switch (NvidiaTool.property("utilization.gpu")) {
                case NvidiaTool.Answer.Said(String text) -> read(text);
                case NvidiaTool.Answer.Silent() -> OptionalInt.empty();
                case NvidiaTool.Answer.Absent() -> OptionalInt.empty();
            };
        }
        return last;
    }

    /// What others use just now.
    ///
    /// @param all percent that all use
    /// @param resting whether this process computes nothing, so that all use is that of others
    public static Others others(OptionalInt all, boolean resting) {
        if (resting) {
            return all.isPresent()
                    ? new Others.Used(all.getAsInt())
                    : new Others.Unknown("nvidia-smi does not tell how busy it is");
        }
        return others(
                NvidiaTool.ask("pmon", "-c", "1", "-s", "u"),
                ProcessHandle.current().pid());
    }

    /// @param processes their table
    static Others others(NvidiaTool.Answer processes, long own) {
        return switch (processes) {
            case NvidiaTool.Answer.Said(String table) -> {
                OptionalInt percent = others(table, own);
                yield percent.isPresent()
                        ? new Others.Used(percent.getAsInt())
                        : new Others.Unknown(
                                "nvidia-smi does not list this process among those that use it (pmon), as in"
                                        + " a container: what others use cannot be told from its own use");
            }
            case NvidiaTool.Answer.Silent() ->
                new Others.Unknown("nvidia-smi does not tell which processes use it (pmon)");
            case NvidiaTool.Answer.Absent() ->
                new Others.Unknown("there is no nvidia-smi here, which would measure what others use");
        };
    }

    static OptionalInt read(String answer) {
        String number = answer.strip();
        return number.matches("\\d{1," + MOST_DIGITS + "}") && Integer.parseInt(number) <= MOST_PERCENT
                ? OptionalInt.of(Integer.parseInt(number))
                : OptionalInt.empty();
    }

    /// Reads the table of processes. Where this one is not in it, as in a container, its use cannot be told from
    /// theirs.
    static OptionalInt others(String table, long own) {
        int sum = 0;
        boolean found = false;
        for (String line : table.lines().toList()) {
            String[] columns = line.strip().split("\\s+");
            if (line.startsWith("#") || columns.length <= USE_COLUMN || !columns[DEVICE_COLUMN].equals("0")) {
                continue;
            }
            if (columns[PROCESS_COLUMN].equals(Long.toString(own))) {
                found = true;
            } else {
                sum += read(columns[USE_COLUMN]).orElse(0);
            }
        }
        return found ? OptionalInt.of(Math.min(MOST_PERCENT, sum)) : OptionalInt.empty();
    }
}
