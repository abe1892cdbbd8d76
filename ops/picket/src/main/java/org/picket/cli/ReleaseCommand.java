package org.picket.cli;

import java.util.concurrent.Callable;
import org.picket.proto.v1.ReleaseRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Brings a quarantined object back.
@Command(
        name = "release",
        description = "restores a quarantined object byte for byte, and allows its content at this site from now on")
final class ReleaseCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Parameters(paramLabel = "ID", description = "the finding, by the id that 'findings' shows")
    private long id;

    @Override
    public Integer call() {
        try (Solo solo = Solo.existing(common.configuration())) {
            solo.findings()
                    .release(ReleaseRequest.newBuilder()
                            .setFindingId(id)
                            .setAuthorisedBy(Solo.person())
                            .build());
            return solo.carryOutOrders(System.out, 1);
        }
    }
}
