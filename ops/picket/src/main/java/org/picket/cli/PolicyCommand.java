package org.picket.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.picket.agent.bundle.Bundle;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.policy.PolicyCheck;
import org.picket.coordinator.replay.Explanations;
import org.picket.coordinator.replay.FindingExplained;
import org.picket.coordinator.replay.Replay;
import org.picket.coordinator.replay.Replayed;
import org.picket.coordinator.site.FurtherRules;
import org.picket.proto.id.FindingId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Looks at policies.
@Command(
        name = "policy",
        description = "checks policies, explains findings by them, and tries other ones on stored scores",
        subcommands = {PolicyCommand.Check.class, PolicyCommand.Explain.class, PolicyCommand.Replaying.class})
final class PolicyCommand {
    PolicyCommand() {}

    /// Tells all that is wrong with a policy, by line and column.
    @Command(name = "check", description = "tells all that is wrong with a policy, by line and column")
    static final class Check implements Callable<Integer> {
        @Parameters(paramLabel = "FILE")
        private Path file;

        @Option(names = "--bundle", paramLabel = "FILE", description = "the bundle whose concepts the rules must name")
        private Optional<Path> bundle = Optional.empty();

        @Option(
                names = "--further-bundle",
                paramLabel = "FILE",
                description = "with --bundle: a bundle that the policy asks after it; may be given several times")
        private List<Path> further = List.of();

        @Option(names = "--json", description = "one JSON object")
        private boolean json;

        @Override
        public Integer call() {
            Optional<Bundle> first = bundle.map(BundleCommand::open);
            PolicyCheck check =
                    first.map(opened -> PolicyCheck.of(file, opened.concepts())).orElseGet(() -> PolicyCheck.of(file));
            List<String> lines = new ArrayList<>(check.lines());
            int status = check.exitCode();
            if (first.isPresent() && check.policy().isPresent()) {
                List<String> faults = new ArrayList<>(FurtherRules.faults(
                        check.policy().get(),
                        first.get().manifest(),
                        further.stream()
                                .map(path -> BundleCommand.open(path).manifest())
                                .toList()));
                check.policy()
                        .get()
                        .checkBundle(first.get().manifest().getName())
                        .ifPresent(faults::add);
                faults.forEach(fault -> lines.add(file + ": " + fault));
                status = faults.isEmpty() ? status : PolicyCheck.FAULTY;
            }
            if (json) {
                Json told = new Json()
                        .put("file", file.toString())
                        .put("sound", status == PolicyCheck.SOUND)
                        .put(
                                "lines",
                                lines.stream()
                                        .map(line -> new Json().put("line", line))
                                        .toList());
                check.policy()
                        .ifPresent(policy -> told.put("id", policy.id())
                                .put("version", policy.version())
                                .put("digest", policy.digest().hex())
                                .put(
                                        "warnings",
                                        policy.idle().stream()
                                                .map(idle -> new Json().put("warning", idle))
                                                .toList()));
                System.out.println(told);
            } else {
                lines.forEach(line -> System.out.println(Shown.text(line)));
            }
            return status;
        }
    }

    /// The database of what a scan has left behind.
    private static Database existing(CommonOptions common) {
        Setting setting = Setting.of(common.configuration());
        KeyFile.existing(setting.data().resolve("keys"), "coordinator");
        return Database.open(setting.database());
    }

    /// Tells why a finding is one.
    @Command(
            name = "explain",
            description = "tells why a finding is one, rule by rule: each score against its threshold, and why the"
                    + " other rules did not hold")
    static final class Explain implements Callable<Integer> {
        @Mixin
        private CommonOptions common;

        @Parameters(paramLabel = "FINDING", description = "its number, as `picket findings` shows it")
        private long finding;

        @Option(names = "--json", description = "one JSON object")
        private boolean json;

        @Override
        public Integer call() {
            if (finding < 1) {
                throw new UsageFault("a finding's number is 1 or more; `picket findings` shows them");
            }
            try (Database database = existing(common)) {
                FindingExplained explained = new Explanations(database).explain(new FindingId(finding));
                if (explained instanceof FindingExplained.Unknown) {
                    throw new UsageFault("there is no finding " + finding + "; `picket findings` shows them");
                }
                if (json) {
                    System.out.println(ExplainedRows.json(explained));
                } else {
                    ExplainedRows.text(explained).forEach(System.out::println);
                }
                return Exit.COMPLETE;
            }
        }
    }

    /// Tries another policy on all stored scores.
    @Command(
            name = "replay",
            description = "rules all stored scores by another policy and tells what would differ; fetches nothing and"
                    + " changes nothing")
    static final class Replaying implements Callable<Integer> {
        @Mixin
        private CommonOptions common;

        @Parameters(paramLabel = "FILE", description = "the other policy")
        private Path file;

        @Option(names = "--json", description = "one JSON object")
        private boolean json;

        @Override
        public Integer call() {
            PolicyCheck check = PolicyCheck.of(file);
            if (check.policy().isEmpty()) {
                check.lines().forEach(line -> System.err.println(Shown.text(line)));
                return Exit.USAGE;
            }
            check.policy().get().idle().forEach(idle -> System.err.println("picket: warning: in the policy, " + idle));
            try (Database database = existing(common)) {
                List<Replayed> replayed =
                        new Replay(database).run(check.policy().get());
                if (json) {
                    System.out.println(ReplayedRows.json(check.policy().get(), replayed));
                } else {
                    ReplayedRows.text(check.policy().get(), replayed).forEach(System.out::println);
                }
                return replayed.stream().anyMatch(one -> one.result() instanceof Replayed.Impossible)
                        ? Exit.INCOMPLETE
                        : Exit.COMPLETE;
            }
        }
    }
}
