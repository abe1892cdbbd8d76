package org.picket.agent.rollout;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.picket.runtime.terminal.Amounts;

/// Artifacts of which wrong or useless bytes came, by the SHA-256 that they were announced with. Each time it is
/// longer until they are fetched again: what is bad on the coordinator's shelf would else be fetched for ever. For one
/// thread.
final class BadContents {
    /// That many are remembered; beyond, the one that was bad for longest is forgotten.
    static final int MOST = 64;

    private static final Duration FIRST = Duration.ofMinutes(10);
    private static final Duration LONGEST = Duration.ofDays(1);

    private final Map<ByteString, Bad> all = new LinkedHashMap<>();

    private record Bad(String inWords, Duration pause, Instant until) {}

    /// Bad bytes came once more.
    ///
    /// @return what to say of it
    String came(ByteString sha256, String why, Instant now) {
        Optional<Bad> before = Optional.ofNullable(all.remove(sha256));
        Duration pause = before.map(bad -> bad.pause().multipliedBy(2)).orElse(FIRST);
        Duration bounded = pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
        all.put(sha256, new Bad(why, bounded, now.plus(bounded)));
        if (all.size() > MOST) {
            all.remove(all.keySet().iterator().next());
        }
        return words(all.get(sha256), now);
    }

    /// Why an artifact must not be fetched yet.
    Optional<String> refusal(ByteString sha256, Instant now) {
        return Optional.ofNullable(all.get(sha256))
                .filter(bad -> bad.until().isAfter(now))
                .map(bad -> words(bad, now));
    }

    /// It is sound now.
    void sound(ByteString sha256) {
        all.remove(sha256);
    }

    private static String words(Bad bad, Instant now) {
        return bad.inWords() + "; it is fetched again in " + Amounts.span(Duration.between(now, bad.until()));
    }
}
