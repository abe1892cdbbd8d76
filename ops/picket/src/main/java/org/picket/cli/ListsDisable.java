package org.picket.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.picket.proto.v1.DisableRequest;
import org.picket.proto.v1.Span;
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

    @Parameters(paramLabel = "ID|HASH", description = "the number of a list, or a hash")
    private String what;

    @Option(names = "--until", paramLabel = "WHEN", description = "a date, an instant or a span; default: for good")
    private String until;

    @Override
    public Integer call() {
        DisableRequest.Builder request = request(what);
        Optional<Duration> span = Optional.ofNullable(until).map(When::fromNow);
        span.ifPresent(length -> request.setSpan(Span.newBuilder().setMilliseconds(length.toMillis())));
        return ask(common, request, "out of force");
    }

    static DisableRequest.Builder request(String what) {
        return what.matches("\\d{1,18}")
                ? DisableRequest.newBuilder().setListId(Long.parseLong(what))
                : DisableRequest.newBuilder().setHash(ListsImport.hash(what));
    }

    static int ask(CommonOptions common, DisableRequest.Builder request, String what) {
        try (Solo solo = Solo.existing(common.configuration())) {
            long changed = ListsImport.patient(solo.hashLists())
                    .disable(request.build())
                    .getEntries();
            System.out.println(
                    request.hasListId()
                            ? "list " + request.getListId() + " is " + what
                            : Amounts.count(changed) + " put " + what);
        }
        return Exit.COMPLETE;
    }
}
