package org.picket.cli;

import java.util.List;
import java.util.stream.Stream;
import org.picket.runtime.Version;
import org.picket.runtime.terminal.Amounts;
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
        version = "picket " + Version.PICKET)
public final class Main {
    private static final String[] SETTINGS = settings();

    /// In the order in which help shows them.
    private static final List<Class<?>> COMMANDS = List.of(
            ScanCommand.class,
            FindingsCommand.class,
            ListsCommand.class,
            ReleaseCommand.class,
            VerifyCommand.class,
            SamplesCommand.class,
            SelftestCommand.class,
            DoctorCommand.class,
            BundleCommand.class,
            EvaluateCommand.class,
            PolicyCommand.class,
            CoordinatorCommand.class,
            InviteCommand.class,
            MembersCommand.class,
            StatusCommand.class,
            StandingCommand.Suspend.class,
            StandingCommand.Drain.class,
            StandingCommand.Resume.class,
            StandingCommand.Revoke.class,
            AgentCommand.class,
            CrawlerCommand.class,
            AdminCommand.class);

    Main() {}

    private static String[] settings() {
        return Stream.concat(
                        Stream.of(
                                "",
                                "Settings come from flags, then variables, then the file "
                                        + Folders.configuration().resolve("picket.conf") + " (lines of name = value):"),
                        Keys.ALL.stream()
                                .map(key -> "  " + key.name() + " or " + key.variable() + ": " + key.meaning()))
                // The usage text is a format: a per cent sign would be one of its own.
                .map(line -> line.replace("%", "%%"))
                .toArray(String[]::new);
    }

    /// Runs one command; the exit status is one of [Exit].
    public static void main(String[] arguments) {
        int status;
        try {
            status = run(arguments);
        } catch (OutOfMemoryError full) {
            System.err.println("picket: the heap of "
                    + Amounts.bytes(Runtime.getRuntime().maxMemory())
                    + " is full. Give it more, for instance PICKET_HEAP=2g, or a smaller file.");
            status = Exit.INCOMPLETE;
        }
        System.exit(status);
    }

    static int run(String... arguments) {
        // Taking all of them in takes a tenth of a second: where it is clear which one is meant, it alone is.
        List<Class<?>> meant = COMMANDS.stream()
                .filter(command -> arguments.length > 0 && name(command).equals(arguments[0]))
                .toList();
        CommandLine line = meant.isEmpty() ? whole() : of(meant);
        if (arguments.length == 0) {
            line.usage(System.err);
            return Exit.USAGE;
        }
        return line.execute(arguments);
    }

    /// With all that there is.
    static CommandLine whole() {
        return of(COMMANDS);
    }

    private static CommandLine of(List<Class<?>> commands) {
        CommandLine line = new CommandLine(new Main());
        commands.forEach(line::addSubcommand);
        line.setExecutionExceptionHandler((fault, command, parsed) -> report(fault));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        help(line);
        return line;
    }

    private static String name(Class<?> command) {
        return command.getAnnotation(Command.class).name();
    }

    /// Every command explains itself.
    private static void help(CommandLine command) {
        command.getSubcommands().values().forEach(sub -> {
            sub.getCommandSpec().mixinStandardHelpOptions(true);
            if (sub.getCommandSpec().mixins().containsKey("common")) {
                sub.getCommandSpec().usageMessage().footer(SETTINGS);
            }
            help(sub);
        });
    }

    /// Says what happened.
    static int report(Exception fault) {
        FaultWords told = FaultWords.of(fault);
        System.err.println("picket: " + told.words());
        return told.status();
    }
}
