package org.picket.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// Proves the whole chain on this machine.
@Command(
        name = "selftest",
        description = "proves the whole chain in a temporary folder: flag, quarantine, release, purge, verify")
final class SelftestCommand implements Callable<Integer> {
    @Override
    public Integer call() throws IOException {
        Path folder = Files.createTempDirectory("picket-selftest-");
        try {
            return new Selftest(folder, System.out).run();
        } finally {
            Selftest.deleteTree(folder);
        }
    }
}
