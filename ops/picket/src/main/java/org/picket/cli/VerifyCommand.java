package org.picket.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.database.DatabaseSettings;
import org.picket.proto.seal.SigningKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Checks the whole ledger.
@Command(
        name = "verify",
        description = "checks the whole ledger offline: every signature, order, receipt, hash and the root")
final class VerifyCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Option(
            names = "--checkpoint",
            paramLabel = "FILE",
            description = "a checkpoint that was kept elsewhere; the ledger must be a continuation of it")
    private List<Path> checkpoints = new ArrayList<>();

    @Override
    public Integer call() {
        List<String> kept = checkpoints.stream().map(VerifyCommand::read).toList();
        Setting setting = Setting.of(common.configuration());
        SigningKey key = KeyFile.existing(setting.data().resolve("keys"), "coordinator");
        try (Database database = Database.open(setting.database())) {
            int status = LedgerCheck.run(database, key, kept, System.out);
            if (status != Exit.COMPLETE && setting.database() instanceof DatabaseSettings.External) {
                System.err.println(
                        "picket: what a coordinator writes meanwhile may look so where rows are counted: stop"
                                + " all that work on this database, and verify again");
            }
            return status;
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UsageFault("the checkpoint " + file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
