package org.picket.coordinator.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.proto.id.LeaseId;

class ShardRulesTest {
    private static final Fence FENCE = new Fence(new LeaseId(new UUID(1, 2)), 3, 4);
    private static final Fence OTHER = new Fence(new LeaseId(new UUID(1, 2)), 4, 4);
    private static final OwnerId OWNER = new OwnerId(1);
    private static final ShardState OPEN = new ShardState.Open(Trial.NONE);
    private static final ShardState LEASED = new ShardState.Leased(Trial.NONE, FENCE);
    private static final ShardState RULED = new ShardState.Ruled();

    /// Every state meets every command; whatever is added to either fails to compile in the rules or shows up
    /// here.
    @Test
    void everyStateAnswersEveryCommand() {
        ShardCommand claim = new ShardCommand.Claim(FENCE);
        ShardCommand part = new ShardCommand.Rule(FENCE, false, false);
        ShardCommand end = new ShardCommand.Rule(FENCE, true, false);
        ShardCommand all = new ShardCommand.Rule(FENCE, true, true);
        ShardCommand fail = new ShardCommand.Fail(FENCE, OWNER, 8, 8, 3, Set.of());
        ShardCommand giveBack = new ShardCommand.Return(FENCE);

        assertEquals(next(LEASED), ShardRules.apply(OPEN, claim));
        for (ShardCommand command : List.of(part, end, all, fail, giveBack)) {
            assertEquals(refused(ShardDecision.Why.NOT_LEASED), ShardRules.apply(OPEN, command));
        }

        assertEquals(refused(ShardDecision.Why.NOT_OPEN), ShardRules.apply(LEASED, claim));
        assertEquals(next(LEASED), ShardRules.apply(LEASED, part));
        assertEquals(next(OPEN), ShardRules.apply(LEASED, end));
        assertEquals(next(RULED), ShardRules.apply(LEASED, all));
        assertEquals(open(4, 0), ShardRules.apply(LEASED, fail));
        assertEquals(next(OPEN), ShardRules.apply(LEASED, giveBack));

        for (ShardCommand command : List.of(claim, part, end, all, fail, giveBack)) {
            assertEquals(refused(ShardDecision.Why.RULED), ShardRules.apply(RULED, command));
        }
    }

    @Test
    void anotherFenceChangesNothing() {
        for (ShardCommand command : List.of(
                new ShardCommand.Rule(OTHER, true, true),
                new ShardCommand.Fail(OTHER, OWNER, 8, 8, 3, Set.of()),
                new ShardCommand.Return(OTHER))) {
            assertEquals(refused(ShardDecision.Why.WRONG_FENCE), ShardRules.apply(LEASED, command));
        }
    }

    @Test
    void faultBeforeTheAgentSplitsNothing() {
        assertEquals(next(OPEN), ShardRules.apply(LEASED, new ShardCommand.Fail(FENCE, OWNER, 0, 512, 3, Set.of())));
    }

    @Test
    void loneObjectIsPoisonAfterThreeOwners() {
        Trial twice = new Trial(1, 2, Set.of(new OwnerId(1), new OwnerId(2)), 0);
        ShardState leased = new ShardState.Leased(twice, FENCE);
        assertInstanceOf(
                ShardDecision.Poison.class,
                ShardRules.apply(leased, new ShardCommand.Fail(FENCE, new OwnerId(3), 1, 1, 5, Set.of())));
        assertInstanceOf(
                ShardDecision.Next.class,
                ShardRules.apply(leased, new ShardCommand.Fail(FENCE, new OwnerId(2), 1, 1, 5, Set.of())));
        assertInstanceOf(
                ShardDecision.Poison.class,
                ShardRules.apply(leased, new ShardCommand.Fail(FENCE, new OwnerId(2), 1, 1, 2, Set.of())));
    }

    @Test
    void attemptsAreBoundedWhereOwnersNeverCome() {
        ShardState leased = new ShardState.Leased(new Trial(1, 8, Set.of(OWNER), 0), FENCE);
        assertInstanceOf(
                ShardDecision.Poison.class,
                ShardRules.apply(leased, new ShardCommand.Fail(FENCE, OWNER, 1, 1, 5, Set.of())));
    }

    @Test
    void ownersThatFailMakeNoObjectPoisonBesideOthers() {
        ShardState leased = new ShardState.Leased(new Trial(1, 8, Set.of(OWNER), 0), FENCE);
        OwnerId other = new OwnerId(2);
        assertEquals(
                next(new ShardState.Open(new Trial(1, 9, Set.of(OWNER), 0))),
                ShardRules.apply(leased, new ShardCommand.Fail(FENCE, OWNER, 1, 1, 2, Set.of(OWNER, other))));
        assertEquals(
                next(new ShardState.Open(new Trial(1, 9, Set.of(OWNER, other), 0))),
                ShardRules.apply(leased, new ShardCommand.Fail(FENCE, other, 1, 1, 5, Set.of(new OwnerId(3)))));
        assertInstanceOf(
                ShardDecision.Poison.class,
                ShardRules.apply(leased, new ShardCommand.Fail(FENCE, OWNER, 1, 1, 5, Set.of(OWNER))));
    }

    @Test
    void attemptsAreBoundedWhereOthersAreThereAndNeverTakeIt() {
        ShardState leased = new ShardState.Leased(new Trial(1, ShardRules.LAST_ATTEMPT - 1, Set.of(OWNER), 0), FENCE);
        assertInstanceOf(
                ShardDecision.Poison.class,
                ShardRules.apply(leased, new ShardCommand.Fail(FENCE, OWNER, 1, 1, 2, Set.of(new OwnerId(2)))));
    }

    /// One bad object anywhere among 512 is found within log2(512) failures, and the rest is ruled.
    @Test
    void anyPoisonIsFoundWithinNineSplits() {
        for (int poison = 0; poison < 512; poison++) {
            int splits = 0;
            int ruled = 0;
            int leases = 0;
            ShardState state = OPEN;
            boolean found = false;
            while (ruled < 512) {
                assertTrue(leases++ < 100, "leases for poison at " + poison);
                Trial trial = ((ShardState.Open) state).trial();
                int left = 512 - ruled;
                int take = trial.take() == 0 ? left : Math.min(left, trial.take());
                ShardState leased = new ShardState.Leased(trial, FENCE);
                if (!found && poison >= ruled && poison < ruled + take) {
                    splits += take > 1 ? 1 : 0;
                    switch (ShardRules.apply(leased, new ShardCommand.Fail(FENCE, OWNER, take, take, 1, Set.of()))) {
                        case ShardDecision.Next(ShardState after) -> state = after;
                        case ShardDecision.Poison(ShardState after) -> {
                            assertEquals(1, take);
                            found = true;
                            ruled++;
                            state = after;
                        }
                        case ShardDecision.Refused refused -> throw new AssertionError(refused);
                    }
                } else {
                    ruled += take;
                    ShardDecision.Next next = (ShardDecision.Next)
                            ShardRules.apply(leased, new ShardCommand.Rule(FENCE, true, ruled == 512));
                    state = next.state();
                }
            }
            assertTrue(found);
            assertTrue(splits <= 9, splits + " splits for poison at " + poison);
        }
    }

    private static ShardDecision next(ShardState state) {
        return new ShardDecision.Next(state);
    }

    private static ShardDecision open(int take, int attempts) {
        return next(new ShardState.Open(new Trial(take, attempts, Set.of(), 0)));
    }

    private static ShardDecision refused(ShardDecision.Why why) {
        return new ShardDecision.Refused(why);
    }
}
