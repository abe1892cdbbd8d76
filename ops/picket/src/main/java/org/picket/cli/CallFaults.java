package org.picket.cli;

import io.grpc.Status;
import org.picket.runtime.channel.FailedCall;

/// What a call that failed comes to for the person who waits for it: what happened, and what to do. Pure.
final class CallFaults {
    private static final String ONCE = "what it has ordered or imported already is not done twice";

    private CallFaults() {}

    static String words(Status status) {
        String said = FailedCall.why(status);
        return switch (status.getCode()) {
            case UNAVAILABLE ->
                "the coordinator cannot be reached, or cannot answer just now (" + said + "). See whether it runs, with"
                        + " its database, and whether this machine reaches it, then give the command again: " + ONCE;
            case DEADLINE_EXCEEDED ->
                "the coordinator did not answer in time (" + said + "). See by 'picket status' what it is busy with,"
                        + " then give the command again: " + ONCE;
            case RESOURCE_EXHAUSTED -> "the coordinator has no room for that just now: " + said + ". Wait a while";
            default -> status.getDescription() == null ? "the coordinator answered " + said : said;
        };
    }
}
