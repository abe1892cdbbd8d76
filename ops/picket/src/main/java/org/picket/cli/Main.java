package org.picket.cli;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.picket.coordinator.database.DatabaseException;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The one command.
@Command(
        name = "picket",
        description = {
            "Scans a fediverse server's image storage with models that you choose, and removes what a policy says.",
            "Start with: picket samples /tmp/samples --count 200 --seed 1 && picket scan /tmp/samples"
        },
        mixinStandardHelpOptions = true,
        version = "picket " + Main.VERSION,
        subcommands = {
            ScanCommand.class,
            FindingsCommand.class,
            ReleaseCommand.class,
            VerifyCommand.class,
            SamplesCommand.class,
            SelftestCommand.class,
            DoctorCommand.class,
            BundleCommand.class,
            PolicyCommand.class
        })
public final class Main {
    static final String VERSION = "0.1.0";

    Main() {}

    /// Runs one command; the exit status is one of [Exit].
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    static int run(String... arguments) {
        CommandLine line = new CommandLine(new Main());
        line.setExecutionExceptionHandler((fault, command, parsed) -> report(fault));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        if (arguments.length == 0) {
            line.usage(System.err);
            return Exit.USAGE;
        }
        return line.execute(arguments);
    }

    /// Says what happened. The stack of a fault nobody foresaw goes to the log; it holds no key and no content.
    private static int report(Exception fault) {
        switch (fault) {
            case UsageFault usage -> {
                System.err.println("picket: " + usage.getMessage());
                return Exit.USAGE;
            }
            case DatabaseException database -> {
                System.err.println("picket: " + database.getMessage());
                return Exit.INCOMPLETE;
            }
            case StatusRuntimeException refused -> {
                System.err.println("picket: " + refused.getStatus().getDescription());
                Status.Code code = refused.getStatus().getCode();
                return code == Status.Code.INVALID_ARGUMENT || code == Status.Code.NOT_FOUND
                        ? Exit.USAGE
                        : Exit.INCOMPLETE;
            }
            default -> {
                LoggerFactory.getLogger(Main.class).error("unforeseen", fault);
                System.err.println("picket: " + (fault.getMessage() == null ? fault.toString() : fault.getMessage()));
                return Exit.INCOMPLETE;
            }
        }
    }
}
