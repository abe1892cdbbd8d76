package org.picket.coordinator;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// Two coordinators on one database.
abstract class TwoCoordinators extends ScannedStorage {
    static final Duration BEAT = Collective.TTL.dividedBy(6);

    Collective other;

    @BeforeEach
    void startTheOther() {
        other = new Collective(collective, "the other");
    }

    @AfterEach
    void endTheOther() {
        other.close();
    }

    /// Lets a while pass in which both show that they live.
    final void pass(Duration span) {
        for (Duration passed = Duration.ZERO; passed.compareTo(span) < 0; passed = passed.plus(BEAT)) {
            collective.time.pass(BEAT);
            collective.coordinator.follow();
            other.coordinator.follow();
        }
    }

    /// Lets a while pass in which nothing is heard of the first one.
    final void passWithoutTheFirst(Duration span) {
        for (Duration passed = Duration.ZERO; passed.compareTo(span) < 0; passed = passed.plus(BEAT)) {
            collective.time.pass(BEAT);
            other.coordinator.follow();
        }
    }
}
