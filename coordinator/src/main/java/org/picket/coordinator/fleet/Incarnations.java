package org.picket.coordinator.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.picket.proto.id.MemberId;

/// Which process of each member spoke last. A member is one process at a time: one that is started anew takes over from
/// the one before, which is never heard of again. Where it is, two processes use one key.
///
/// Safe for any number of threads.
final class Incarnations {
    /// Calls that a process made before it ended may arrive for so long after the next one began.
    static final Duration HANDOVER = Duration.ofSeconds(10);

    /// Members remembered.
    private static final int REMEMBERED = 65_536;

    /// Earlier processes of one member.
    private static final int EARLIER = 8;

    private final ConcurrentHashMap<MemberId, Known> known = new ConcurrentHashMap<>();

    private record Known(String present, Instant since, List<String> earlier, boolean cameBack) {
        Known heard(String incarnation, Instant now) {
            if (incarnation.equals(present)) {
                return new Known(present, since, earlier, false);
            }
            if (earlier.contains(incarnation)) {
                return new Known(present, since, earlier, !since.plus(HANDOVER).isAfter(now));
            }
            List<String> before = new ArrayList<>(earlier);
            before.add(present);
            return new Known(
                    incarnation,
                    now,
                    List.copyOf(before.subList(Math.max(0, before.size() - EARLIER), before.size())),
                    false);
        }
    }

    /// Takes note of a call.
    ///
    /// @return whether its process came back after another one of the same member had begun
    boolean cameBack(MemberId member, String incarnation, Instant now) {
        if (known.size() >= REMEMBERED && !known.containsKey(member)) {
            return false;
        }
        return known.merge(
                        member,
                        new Known(incarnation, now, List.of(), false),
                        (there, fresh) -> there.heard(fresh.present(), now))
                .cameBack();
    }

    /// The member was held out: whichever of its processes speaks first from now on is the one.
    void forget(MemberId member) {
        known.remove(member);
    }
}
