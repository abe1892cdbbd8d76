package org.picket.coordinator.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.picket.proto.id.MemberId;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.seal.VerifyingKey;

class IncarnationsTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final MemberId MEMBER = new MemberId(7);

    private final Incarnations incarnations = new Incarnations();

    private boolean cameBack(String incarnation, long second) {
        return incarnations
                .heard(MEMBER, incarnation, START.plusSeconds(second))
                .cameBack();
    }

    @Test
    void processThatIsStartedAnewAgainAndAgainTakesOver() {
        for (int i = 0; i < 100; i++) {
            assertFalse(cameBack("process " + i, i * 60));
            assertFalse(cameBack("process " + i, i * 60 + 30));
        }
    }

    @Test
    void lateCallsOfAProcessThatHasEndedAreNoSecondProcess() {
        assertFalse(cameBack("one", 0));
        assertFalse(cameBack("two", 100));
        assertFalse(cameBack("one", 159));
        assertFalse(cameBack("two", 200));
    }

    @Test
    void processThatComesBackAfterAnotherBeganIsASecondOne() {
        assertFalse(cameBack("one", 0));
        assertFalse(cameBack("two", 100));
        assertTrue(cameBack("one", 160));
        assertFalse(incarnations.heard(new MemberId(8), "one", START).cameBack());
    }

    private long number(String incarnation, long second) {
        return incarnations
                .heard(MEMBER, incarnation, START.plusSeconds(second))
                .number()
                .orElseThrow();
    }

    @Test
    void processThatBeganLaterHasAHigherNumberWhicheverSpokeLast() {
        long one = number("one", 0);
        long two = number("two", 1);
        assertTrue(two > one);
        assertEquals(one, number("one", 2));
        assertEquals(two, number("two", 3));
        incarnations.forget(MEMBER);
        assertTrue(number("three", 4) > two, "what was forgotten is not counted anew");
    }

    @Test
    void twoThatSpeakByTurnsAreNoticedThoughEachCallIsSoonAfterTheOthers() {
        boolean noticed = false;
        for (int second = 0; second < 70; second++) {
            noticed |= cameBack(second % 2 == 0 ? "one" : "two", second);
        }
        assertTrue(noticed);
    }

    @Test
    void copyThatTakesANewNumberForEachCallIsNoticedByTheOriginalsCalls() {
        assertFalse(cameBack("original", 0));
        boolean noticed = false;
        for (int second = 1; second < 70; second++) {
            cameBack("copy " + second, second);
            noticed |= cameBack("original", second);
        }
        assertTrue(noticed);
    }

    @Test
    void whoIsHeldOutIsToldWhyAndWhoIsSuspendedThatHeIs() {
        VerifyingKey key = SigningKey.generate(new SecureRandom()).verifyingKey();
        Member member = new Member(MEMBER, MemberRole.AGENT, new OwnerId(1), key, "desk", MemberStanding.SUSPENDED);
        assertTrue(said(member).contains("agent 7 is suspended; its coordinator's steward"), said(member));
        Member held = new Member(
                MEMBER, MemberRole.AGENT, new OwnerId(1), key, "desk", MemberStanding.SUSPENDED, Fleet.TWO_PROCESSES);
        assertTrue(said(held).contains("two processes used its key by turns"), said(held));
    }

    private static String said(Member member) {
        return String.valueOf(MemberInterceptor.silent(member).getDescription());
    }

    @Test
    void whoeverSpeaksFirstAfterwardsIsTheOne() {
        cameBack("one", 0);
        cameBack("two", 100);
        assertTrue(cameBack("one", 200));
        incarnations.forget(MEMBER);
        assertFalse(cameBack("one", 300));
        assertFalse(cameBack("two", 310));
        assertTrue(cameBack("one", 370));
    }
}
