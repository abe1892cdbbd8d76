package org.picket.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.picket.coordinator.policy.PolicyCheck;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Looks at policies.
@Command(name = "policy", description = "looks at policies", subcommands = PolicyCommand.Check.class)
final class PolicyCommand {
    PolicyCommand() {}

    /// Tells all that is wrong with a policy, by line and column.
    @Command(name = "check", description = "tells all that is wrong with a policy, by line and column")
    static final class Check implements Callable<Integer> {
        @Parameters(paramLabel = "FILE")
        private Path file;

        @Option(names = "--bundle", paramLabel = "FILE", description = "the bundle whose concepts the rules must name")
        private Optional<Path> bundle = Optional.empty();

        @Override
        public Integer call() {
            PolicyCheck check = bundle.map(path ->
                            PolicyCheck.of(file, BundleCommand.open(path).concepts()))
                    .orElseGet(() -> PolicyCheck.of(file));
            check.lines().forEach(System.out::println);
            return check.exitCode();
        }
    }
}
