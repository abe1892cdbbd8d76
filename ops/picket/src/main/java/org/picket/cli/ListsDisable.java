package org.picket.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.picket.proto.v1.DisableRequest;
import org.picket.proto.v1.Span;
import org.picket.runtime.terminal.Amounts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Takes a list or a hash out of force.
@Command(
        name = "disable",
        description = "takes a list, or a hash in every list, out of force; importing it again does not bring it back")
final class ListsDisable implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Mixin
    private CoordinatorsOption coordinators;

    @Parameters(paramLabel = "ID|HASH", description = "the number of a list, or a hash")
    private String what;

    @Option(names = "--until", paramLabel = "WHEN", description = "a date, an instant or a span; default: for good")
    private String until;

    @Option(names = "--json", description = "one JSON object")
    private boolean json;

    @Override
    public Integer call() {
        DisableRequest.Builder request = request(what);
        Optional<Duration> span = Optional.ofNullable(until).map(When::fromNow);
        span.ifPresent(length -> request.setSpan(Span.newBuilder().setMilliseconds(length.toMillis())));
        return ask(common, request, json);
    }

    static DisableRequest.Builder request(String what) {
        return what.matches("\\d{1,18}")
                ? DisableRequest.newBuilder().setListId(Long.parseLong(what))
                : DisableRequest.newBuilder().setHash(ListsImport.hash(what));
    }

    static int ask(CommonOptions common, DisableRequest.Builder request, boolean json) {
        String what = request.getEnable() ? "back in force" : "out of force";
        try (Administration administration = Administration.existing(common.configuration())) {
            long changed = administration
                    .ask(() -> ListsImport.patient(administration.hashLists()).disable(request.build()))
                    .getEntries();
            if (json) {
                System.out.println(new Json().put("changed", changed).put("inForce", request.getEnable()));
                return Exit.COMPLETE;
            }
            System.out.println(
                    request.hasListId()
                            ? "list " + request.getListId() + " is " + what
                            : Amounts.count(changed) + (changed == 1 ? " entry is " : " entries are ") + what);
        }
        return Exit.COMPLETE;
    }
}
