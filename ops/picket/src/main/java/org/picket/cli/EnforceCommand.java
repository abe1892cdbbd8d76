package org.picket.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.picket.proto.v1.EnforceRequest;
import org.picket.proto.v1.EnforceResponse;
import org.picket.proto.v1.RemovalAction;
import org.picket.runtime.terminal.Amounts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Removes what was only observed so far.
@Command(name = "enforce", description = "quarantines or purges what was observed, with no rescan")
final class EnforceCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Option(
            names = "--action",
            required = true,
            paramLabel = "quarantine|purge",
            description = "quarantine can be undone by 'release'; purge cannot be undone")
    private String action;

    @Option(names = "--all", description = "all findings that are OBSERVED or HELD")
    private boolean all;

    @Parameters(paramLabel = "ID", description = "findings, by the id that 'findings' shows")
    private List<Long> ids = new ArrayList<>();

    @Override
    public Integer call() {
        RemovalAction wanted = switch (action) {
            case "quarantine" -> RemovalAction.QUARANTINE;
            case "purge" -> RemovalAction.PURGE;
            default -> throw new UsageFault("--action " + action + " is neither quarantine nor purge");
        };
        if (all == !ids.isEmpty()) {
            throw new UsageFault("name the findings by id, or say --all");
        }
        try (Solo solo = Solo.existing(common.configuration())) {
            EnforceResponse response = solo.findings()
                    .enforce(EnforceRequest.newBuilder()
                            .addAllFindingIds(ids)
                            .setAction(wanted)
                            .setAuthorisedBy(Solo.person())
                            .build());
            System.out.println(Amounts.count(response.getOrdered()) + " ordered");
            return solo.carryOutOrders(System.out, response.getOrdered());
        }
    }
}
