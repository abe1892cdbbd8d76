package org.picket.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
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

    @Mixin
    private CoordinatorsOption coordinators;

    @Mixin
    private OrderOptions order;

    @Parameters(paramLabel = "ID", description = "the finding, by the id that 'findings' shows")
    private long id;

    @Override
    public Integer call() {
        Duration wait = order.span();
        try (Administration administration = Administration.existing(common.configuration())) {
            return order.end(administration.carryOut(new PersonsOrders(administration).release(id), wait));
        }
    }
}
