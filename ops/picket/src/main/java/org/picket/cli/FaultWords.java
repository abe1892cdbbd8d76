package org.picket.cli;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.util.stream.Stream;
import org.picket.coordinator.database.DatabaseException;
import org.picket.crawler.source.SourceException;
import org.picket.runtime.lifecycle.UnstoppedException;
import org.picket.runtime.telemetry.Traceback;
import org.slf4j.LoggerFactory;

/// What a failure comes to for the person who gave the command.
///
/// @param words what happened, and what to do
/// @param status one of [Exit]
record FaultWords(String words, int status) {
    /// Of a failure, that are looked at.
    private static final int CAUSES = 16;

    /// Of a fault nobody foresaw the log gets its kind and place, never its message.
    static FaultWords of(Exception fault) {
        return switch (fault) {
            case UsageFault usage -> new FaultWords(Shown.text(usage.getMessage()), Exit.USAGE);
            case DatabaseException database -> new FaultWords(database.getMessage(), Exit.INCOMPLETE);
            case SourceException storage -> new FaultWords(Shown.text(storage.getMessage()), Exit.INCOMPLETE);
            case UnstoppedException unstopped -> new FaultWords(unstopped.getMessage(), Exit.INCOMPLETE);
            case StatusRuntimeException refused -> {
                Status.Code code = refused.getStatus().getCode();
                yield new FaultWords(
                        Shown.text(CallFaults.words(refused.getStatus())),
                        code == Status.Code.INVALID_ARGUMENT || code == Status.Code.NOT_FOUND
                                ? Exit.USAGE
                                : Exit.INCOMPLETE);
            }
            case UncheckedIOException taken
            when first(taken) instanceof BindException why ->
                // It may be free in a while: whoever keeps services running is to try again.
                new FaultWords(
                        Shown.text(taken.getMessage() + " (" + why.getMessage() + ")")
                                + ": another process listens there, or the address is none of this machine's, or its port is"
                                + " below 1024 and not this user's to take. End that one, or name another address",
                        Exit.INCOMPLETE);
            default -> {
                // Messages of exceptions may name an object, and what is printed is a service's log.
                LoggerFactory.getLogger(Main.class).error("unforeseen: {}", Traceback.of(fault));
                yield new FaultWords(
                        "something unforeseen happened ("
                                + fault.getClass().getSimpleName()
                                + "). Run the command again; if it stays, report it with the log.",
                        Exit.INCOMPLETE);
            }
        };
    }

    /// What a failure began with.
    private static Throwable first(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(CAUSES)
                .reduce(failure, (_, deeper) -> deeper);
    }
}
