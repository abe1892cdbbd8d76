package org.picket.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Puts a list or a hash back in force.
@Command(name = "enable", description = "puts a list, or a hash in every list, back in force")
final class ListsEnable implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Mixin
    private CoordinatorsOption coordinators;

    @Parameters(paramLabel = "ID|HASH", description = "the number of a list, or a hash")
    private String what;

    @Option(names = "--json", description = "one JSON object")
    private boolean json;

    @Override
    public Integer call() {
        return ListsDisable.ask(common, ListsDisable.request(what).setEnable(true), json);
    }
}
