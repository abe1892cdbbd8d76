package org.picket.coordinator.fleet;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.picket.proto.id.MemberId;
import org.picket.runtime.channel.Build;

/// When each member was heard of last, and which Picket it was.
///
/// Safe for any number of threads.
final class LastCalls {
    /// Members remembered.
    private static final int REMEMBERED = 65_536;

    private final ConcurrentHashMap<MemberId, Call> heard = new ConcurrentHashMap<>();

    /// @param at when it began or ended
    /// @param build of who made it
    record Call(Instant at, Build build) {}

    /// A call of its began or ended.
    void heard(MemberId member, Build build, Instant now) {
        if (heard.size() < REMEMBERED || heard.containsKey(member)) {
            heard.put(member, new Call(now, build));
        }
    }

    /// The last one; empty: none since this coordinator started.
    Optional<Call> last(MemberId member) {
        return Optional.ofNullable(heard.get(member));
    }
}
