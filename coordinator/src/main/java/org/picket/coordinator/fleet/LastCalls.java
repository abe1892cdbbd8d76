package org.picket.coordinator.fleet;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.picket.proto.id.MemberId;

/// When each member was heard of last.
///
/// Safe for any number of threads.
final class LastCalls {
    /// Members remembered.
    private static final int REMEMBERED = 65_536;

    private final ConcurrentHashMap<MemberId, Instant> heard = new ConcurrentHashMap<>();

    /// A call of its began or ended.
    void heard(MemberId member, Instant now) {
        if (heard.size() < REMEMBERED || heard.containsKey(member)) {
            heard.put(member, now);
        }
    }

    /// When that was last; empty: not since this coordinator started.
    Optional<Instant> last(MemberId member) {
        return Optional.ofNullable(heard.get(member));
    }
}
