package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Coordinators of one release become those of the next and go back, one after the other, while a crawler of the former
/// and agents of both work on. What the next release is, and what it cannot show, [NextRelease] says.
@Order(4)
@Tag("long")
class RollingUpgradeIT extends RollingDrill {
    private static final String MIGRATED =
            "select count(*) from information_schema.columns where table_name = 'listing' and column_name = 'drill'";

    @Test
    void noCallOfAnAgentFailsWhileCoordinatorsAreUpgradedAndGoBackOneAfterTheOther() throws Exception {
        NextRelease next = NextRelease.install(folder.resolve("next"));
        stage.begin();
        stage.bring();
        PicketProcess crawler = stage.crawler();
        // One agent of either release, at coordinators of this one.
        stage.agent(RollingStage.AGENTS.getFirst());
        stage.use(next.command());
        stage.agent(RollingStage.AGENTS.getLast());
        stage.awaitVerdict(RollingStage.AGENTS.getLast());
        assertEquals(0, stage.number(MIGRATED));

        stage.startAnewEach();
        assertEquals(1, stage.number(MIGRATED));
        assertEquals(2, running(NextRelease.NAME, next.contract()));
        // A member joins, and one of the release before goes on.
        stage.join("agent", "carol", "carol");
        stage.agent("carol");
        stage.awaitVerdict("carol");

        stage.use(PicketProgram.command());
        stage.startAnewEach();
        assertEquals(0, running(NextRelease.NAME, next.contract()));
        stage.awaitRuled(crawler);
        stage.check(crawler);
    }

    private long running(String release, int contract) {
        return stage.number(
                "select count(*) from term where not ended and release = '" + release + "' and contract = " + contract);
    }
}
