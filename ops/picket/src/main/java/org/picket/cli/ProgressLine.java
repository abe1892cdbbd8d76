package org.picket.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.Supplier;

/// How something goes: on a terminal one line that renews itself, elsewhere a plain line now and then. Used by
/// one thread.
final class ProgressLine {
    private static final long TERMINAL_NANOS = Duration.ofMillis(200).toNanos();
    private static final long PLAIN_NANOS = Duration.ofSeconds(10).toNanos();
    private static final int WIDTH = 160;

    private final PrintStream out;
    private final boolean terminal;
    private long shown;
    private boolean lineOpen;

    /// @param now by [System#nanoTime]
    ProgressLine(PrintStream out, boolean terminal, long now) {
        this.out = out;
        this.terminal = terminal;
        this.shown = now;
    }

    /// Beside what the process puts out.
    static ProgressLine ofProcess() {
        return new ProgressLine(
                System.err, System.console() != null && System.console().isTerminal(), System.nanoTime());
    }

    /// @param words asked for where they are shown
    /// @param atOnce whether they are, however short ago the last ones were
    void show(Supplier<String> words, boolean atOnce, long now) {
        if (!atOnce && now - shown < (terminal ? TERMINAL_NANOS : PLAIN_NANOS)) {
            return;
        }
        shown = now;
        String line = words.get();
        if (terminal) {
            String cut = line.length() > WIDTH ? line.substring(0, WIDTH) : line;
            out.print("\r\u001b[K" + cut);
            out.flush();
            lineOpen = true;
        } else {
            out.println(line);
        }
    }

    void finish() {
        if (lineOpen) {
            out.print("\r\u001b[K");
            out.flush();
            lineOpen = false;
        }
    }
}
