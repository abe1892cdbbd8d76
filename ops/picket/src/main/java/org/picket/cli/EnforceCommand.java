package org.picket.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
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

    @Mixin
    private CoordinatorsOption coordinators;

    @Mixin
    private OrderOptions order;

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
        Duration wait = order.span();
        try (Administration administration = Administration.existing(common.configuration())) {
            PersonsOrders orders = new PersonsOrders(administration);
            Ordered ordered = all ? orders.enforceAll(wanted) : orders.enforce(wanted, ids);
            order.say(Amounts.count(ordered.orders()) + " ordered");
            if (ordered.left() > 0) {
                order.say(Amounts.count(ordered.left())
                        + " left alone, whose objects are INCONCLUSIVE now: 'picket findings --inconclusive'");
            }
            return order.end(administration.carryOut(ordered, wait));
        }
    }
}
