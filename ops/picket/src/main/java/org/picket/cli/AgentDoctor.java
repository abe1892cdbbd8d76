package org.picket.cli;

import java.util.concurrent.Callable;
import org.picket.agent.pack.ProviderPack;
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
        // The first one that loads, as the agent itself takes it.
        for (ProviderPack pack : Natives.usable(setting.data())) {
            if (Natives.load(pack).isEmpty()) {
                break;
            }
        }
        Examination examination = new Examination(setting, AgentBounds.of(common.configuration()));
        examination.runForAgent(finding -> System.out.println(finding.text()));
        return examination.findings().stream().allMatch(Examination.Found::usable) ? Exit.COMPLETE : Exit.INCOMPLETE;
    }
}
