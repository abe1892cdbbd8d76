package org.picket.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Says what this machine has for an agent.
@Command(
        name = "doctor",
        description =
                "says what this machine has for an agent (JDK, disk, provider packs, GPU), and what to do about it")
final class AgentDoctor implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() {
        Setting setting = Setting.of(common.configuration());
        Natives.usable(setting.data()).stream().findFirst().ifPresent(Natives::load);
        Examination examination = new Examination(setting, AgentBounds.of(common.configuration()));
        examination.runForAgent(finding -> System.out.println(finding.text()));
        return examination.findings().stream().allMatch(Examination.Found::usable) ? Exit.COMPLETE : Exit.INCOMPLETE;
    }
}
