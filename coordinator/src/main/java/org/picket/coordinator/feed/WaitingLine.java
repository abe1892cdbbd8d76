package org.picket.coordinator.feed;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;

/// Agents that wait for work, in the order in which they came. Each sleeps until something is given to it: where one
/// shard comes and a thousand agents wait, one wakes up. Guarded by the lock of [Feeds].
final class WaitingLine {
    private final Set<Place> places = new LinkedHashSet<>();

    /// An agent in the line.
    static final class Place {
        private final Asking agent;
        private final Condition woken;
        private Optional<Feeds.Next> given = Optional.empty();
        private Optional<RuntimeException> failed = Optional.empty();
        private boolean claims;

        Place(Asking agent, Condition woken) {
            this.agent = agent;
            this.woken = woken;
        }

        Asking agent() {
            return agent;
        }

        /// What it has got.
        Optional<Feeds.Next> given() {
            return given;
        }

        /// Why nothing could be claimed for it.
        Optional<RuntimeException> failed() {
            return failed;
        }

        /// Whether shards are being claimed for it: until that has ended, it waits, however long that is.
        boolean claims() {
            return claims;
        }

        /// Nobody needs anything for it any more.
        boolean settled() {
            return given.isPresent() || failed.isPresent() || agent.gone();
        }

        void give(Feeds.Next next) {
            given = Optional.of(next);
            woken.signal();
        }

        void beginClaim() {
            claims = true;
        }

        void endClaim(Optional<RuntimeException> failure) {
            claims = false;
            failed = failed.or(() -> failure);
            woken.signal();
        }

        void fail(RuntimeException why) {
            failed = Optional.of(why);
            woken.signal();
        }

        void wake() {
            woken.signal();
        }

        void await(long nanos) throws InterruptedException {
            woken.awaitNanos(Math.min(nanos, TimeUnit.MINUTES.toNanos(1)));
        }
    }

    void add(Place place) {
        places.add(place);
    }

    /// Somebody must look after what changes with time alone: whoever is first does.
    void remove(Place place) {
        boolean first = isFirst(place);
        if (places.remove(place) && first) {
            places.stream().findFirst().ifPresent(Place::wake);
        }
    }

    boolean isFirst(Place place) {
        return !places.isEmpty() && places.iterator().next() == place;
    }

    int size() {
        return places.size();
    }

    /// As they are now: what is done to one may change the line.
    List<Place> unsettled() {
        List<Place> all = new ArrayList<>(places.size());
        for (Place place : places) {
            if (!place.settled()) {
                all.add(place);
            }
        }
        return all;
    }

    /// Everybody looks how things stand.
    void wakeAll() {
        places.forEach(Place::wake);
    }
}
