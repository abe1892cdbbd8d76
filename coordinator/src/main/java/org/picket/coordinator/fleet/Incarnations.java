package org.picket.coordinator.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
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
    private final AtomicLong begun = new AtomicLong();

    /// What is known of the process that calls.
    ///
    /// @param number of a member's processes the one that began later has the higher; empty: too many members are
    /// remembered already
    /// @param cameBack whether it did, after another one of the same member had begun
    record Heard(OptionalLong number, boolean cameBack) {}

    private record Process(String incarnation, long number) {}

    /// A process, and when another one took over from it.
    private record Earlier(Process process, Instant until) {}

    /// @param earlier in the order in which they were heard of last
    /// @param heard of the last call
    private record Known(Process present, List<Earlier> earlier, Heard heard) {
        static Known first(Process process) {
            return of(process, List.of(), process, false);
        }

        private static Known of(Process present, List<Earlier> earlier, Process caller, boolean cameBack) {
            return new Known(present, List.copyOf(earlier), new Heard(OptionalLong.of(caller.number()), cameBack));
        }

        Known heard(String incarnation, Instant now, AtomicLong begun) {
            if (incarnation.equals(present.incarnation())) {
                return of(present, earlier, present, false);
            }
            List<Earlier> before = new ArrayList<>(earlier);
            Optional<Earlier> back = before.stream()
                    .filter(one -> one.process().incarnation().equals(incarnation))
                    .findFirst();
            if (back.isPresent()) {
                before.remove(back.get());
                before.add(back.get());
                boolean late = back.get().until().plus(HANDOVER).isAfter(now);
                return of(present, before, back.get().process(), !late);
            }
            before.add(new Earlier(present, now));
            Process later = new Process(incarnation, begun.incrementAndGet());
            return of(later, before.subList(Math.max(0, before.size() - EARLIER), before.size()), later, false);
        }
    }

    /// Takes note of a call.
    Heard heard(MemberId member, String incarnation, Instant now) {
        if (known.size() >= REMEMBERED && !known.containsKey(member)) {
            return new Heard(OptionalLong.empty(), false);
        }
        return known.compute(
                        member,
                        (_, there) -> there == null
                                ? Known.first(new Process(incarnation, begun.incrementAndGet()))
                                : there.heard(incarnation, now, begun))
                .heard();
    }

    /// The member was held out: whichever of its processes speaks first from now on is the one.
    void forget(MemberId member) {
        known.remove(member);
    }
}
