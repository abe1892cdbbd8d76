package org.picket.coordinator.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.picket.proto.id.MemberId;
import org.picket.proto.seal.KeyId;
import org.picket.proto.seal.SigningKey;

class KeyringTest {
    private static final Member ACTIVE = new Member(
            new MemberId(7),
            MemberRole.AGENT,
            new OwnerId(1),
            SigningKey.generate(new SecureRandom()).verifyingKey(),
            "test",
            MemberStanding.ACTIVE);
    private static final KeyId KEY = ACTIVE.key().id();

    private final List<Runnable> meanwhile = new ArrayList<>();

    /// The database as it was before what comes meanwhile.
    private final Keyring keyring = new Keyring(_ -> {
        meanwhile.forEach(Runnable::run);
        return Optional.of(ACTIVE);
    });

    private static Member standing(MemberStanding standing) {
        return new Member(ACTIVE.id(), ACTIVE.role(), ACTIVE.owner(), ACTIVE.key(), ACTIVE.name(), standing);
    }

    @Test
    void memberRevokedWhileItIsReadIsRevoked() {
        meanwhile.add(() -> keyring.replace(standing(MemberStanding.REVOKED)));
        assertEquals(Optional.empty(), keyring.member(KEY));
        assertEquals(Optional.empty(), keyring.member(KEY), "the older state has come back");
        assertEquals(Optional.of(MemberStanding.REVOKED), keyring.anyone(KEY).map(Member::standing));
    }

    @Test
    void memberThatEnrolsAnewWhileItIsSuspendedStaysSuspended() {
        keyring.replace(standing(MemberStanding.SUSPENDED));
        assertEquals(MemberStanding.SUSPENDED, keyring.learn(ACTIVE).standing());
        assertEquals(Optional.empty(), keyring.key(KEY));
    }

    @Test
    void memberThatIsActiveAgainIsHeardAtOnce() {
        keyring.replace(standing(MemberStanding.SUSPENDED));
        keyring.replace(ACTIVE);
        assertEquals(Optional.of(ACTIVE), keyring.member(KEY));
    }
}
