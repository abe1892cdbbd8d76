package org.picket.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// Proves the whole chain on this machine.
@Command(
        name = "selftest",
        description = "proves the whole chain in a temporary folder: flag, quarantine, release, purge, verify")
final class SelftestCommand implements Callable<Integer> {
    private static final int ATTEMPTS = 5;

    @Override
    public Integer call() throws IOException {
        Path folder = Files.createTempDirectory("picket-selftest-");
        try {
            return new Selftest(folder, System.out).run();
        } finally {
            remove(folder);
        }
    }

    /// A decoder that is just ending may still have unpacked a library while the folder was emptied. What is left
    /// over says nothing against the chain.
    private static void remove(Path folder) {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            try {
                Selftest.deleteTree(folder);
                return;
            } catch (IOException | UncheckedIOException left) {
                if (attempt == ATTEMPTS) {
                    System.err.println("picket: the folder " + folder + " is left over (" + left + "); delete it");
                }
            }
        }
    }
}
