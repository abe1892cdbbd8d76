package org.picket.coordinator.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.picket.proto.id.MemberId;

/// Which process of each member spoke last. A member is one process at a time: one that is started anew takes over from
/// the one before, which is never heard of again. Where it is, two processes use one key.
///
/// Safe for any number of threads.
final class Incarnations {
    /// Calls that a process made before it ended may arrive for so long after the next one began: a server keeps a
    /// connection on which nothing comes for 50 s, and what was held up on the line counts when it arrives.
    static final Duration HANDOVER = Duration.ofSeconds(60);

    /// Members remembered.
    private static final int REMEMBERED = 65_536;

    /// Earlier processes of one member; beyond that the one is forgotten that was heard of least recently.
    private static final int EARLIER = 64;

    private final ConcurrentHashMap<MemberId, Known> known = new ConcurrentHashMap<>();

    /// A process, and when another one took over from it.
    private record Earlier(String incarnation, Instant until) {}

    /// @param earlier in the order in which they were heard of last
    private record Known(String present, List<Earlier> earlier, boolean cameBack) {
        Known heard(String incarnation, Instant now) {
            if (incarnation.equals(present)) {
                return new Known(present, earlier, false);
            }
            List<Earlier> before = new ArrayList<>(earlier);
            Optional<Earlier> back = before.stream()
                    .filter(one -> one.incarnation().equals(incarnation))
                    .findFirst();
            if (back.isPresent()) {
                before.remove(back.get());
                before.add(back.get());
                return new Known(
                        present,
                        List.copyOf(before),
                        !back.get().until().plus(HANDOVER).isAfter(now));
            }
            before.add(new Earlier(present, now));
            return new Known(
                    incarnation,
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
                        new Known(incarnation, List.of(), false),
                        (there, fresh) -> there.heard(fresh.present(), now))
                .cameBack();
    }

    /// The member was held out: whichever of its processes speaks first from now on is the one.
    void forget(MemberId member) {
        known.remove(member);
    }
}
