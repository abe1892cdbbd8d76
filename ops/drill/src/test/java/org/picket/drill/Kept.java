package org.picket.drill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/// A data folder as it once was, brought back before each test: a first scan costs more than what most drills look at
/// afterwards. A storage cannot be brought back so, since its files would be newer ones of the same names.
///
/// @param live where tests work
/// @param copy how it was
record Kept(Path live, Path copy) {
    /// Keeps what is there now; no process may be at work in it.
    static Kept of(Path live) {
        Kept kept = new Kept(live, live.resolveSibling(live.getFileName() + "-kept"));
        copy(live, kept.copy());
        return kept;
    }

    /// Brings it back with times and permissions, which the database's server looks at.
    void bringBack() {
        run("rm", "-rf", live.toString());
        copy(copy, live);
    }

    private static void copy(Path from, Path to) {
        run("cp", "-a", from.toString(), to.toString());
    }

    private static void run(String... command) {
        try {
            int status = new ProcessBuilder(command).inheritIO().start().waitFor();
            if (status != 0) {
                throw new IllegalStateException(String.join(" ", command) + ": status " + status);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
