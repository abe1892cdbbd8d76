package org.picket.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Says what this machine has.
@Command(
        name = "doctor",
        description = "says what this machine has (JDK, GPU, decoders, database, disk), and what to do about each lack")
final class DoctorCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Option(names = "--json", description = "one JSON array")
    private boolean json;

    @Override
    public Integer call() {
        Examination examination =
                new Examination(Setting.of(common.configuration()), AgentBounds.of(common.configuration()));
        examination.run(finding -> {
            if (!json) {
                System.out.println(finding.text());
            }
        });
        if (json) {
            System.out.println(Json.array(
                    examination.findings().stream().map(Examination.Found::json).toList()));
        }
        return examination.findings().stream().allMatch(Examination.Found::usable) ? Exit.COMPLETE : Exit.INCOMPLETE;
    }
}
