package org.picket.cli;

import io.grpc.Status;
import java.util.Optional;

/// What a call that failed comes to for the person who waits for it: what happened, and what to do. Pure.
final class CallFaults {
    private static final String ONCE = "what it has ordered or imported already is not done twice";

    private CallFaults() {}

    static String words(Status status) {
        String said = Optional.ofNullable(status.getDescription())
                .orElse(status.getCode().toString());
        return switch (status.getCode()) {
            case UNAVAILABLE ->
                "the coordinator cannot be reached (" + said + "). See whether it runs and whether this machine reaches"
                        + " it, then give the command again: " + ONCE;
            case DEADLINE_EXCEEDED ->
                "the coordinator did not answer in time (" + said + "). See by 'picket status' what it is busy with,"
                        + " then give the command again: " + ONCE;
            case RESOURCE_EXHAUSTED -> "the coordinator has no room for that just now: " + said + ". Wait a while";
            default -> status.getDescription() == null ? "the coordinator answered " + said : said;
        };
    }
}
