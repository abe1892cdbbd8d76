package org.picket.coordinator.authority;

import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.picket.proto.seal.SigningKey;
import org.picket.runtime.identity.Credentials;
import org.picket.runtime.time.TimeSource;

/// The coordinator's own certificate, made anew when two thirds of its life are over. The key lives as long as
/// the process and is kept nowhere.
///
/// Safe for any number of threads.
public final class CoordinatorCredentials implements Supplier<Credentials> {
    private static final int PARTS = 3;
    private static final int USED_PARTS = 2;

    private final Authority authority;
    private final SigningKey key;
    private final List<String> hosts;
    private final TimeSource time;
    private Credentials present;
    private Instant renewAt;

    /// @param hosts names and literal addresses of the coordinator
    public CoordinatorCredentials(Authority authority, SigningKey key, List<String> hosts, TimeSource time) {
        this.authority = authority;
        this.key = key;
        this.hosts = List.copyOf(hosts);
        this.time = time;
        make(time.now());
    }

    private void make(Instant now) {
        present = authority.coordinator(key, hosts, now);
        renewAt = now.plus(Authority.COORDINATOR_LIFE.dividedBy(PARTS).multipliedBy(USED_PARTS));
    }

    @Override
    public synchronized Credentials get() {
        Instant now = time.now();
        if (!now.isBefore(renewAt)) {
            make(now);
        }
        return present;
    }
}
