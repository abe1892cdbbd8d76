package org.picket.drill;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Two coordinators on one PostgreSQL are ended and started again, one after the other, while objects come to a
/// storage and two agents scan them. What the agents saw of it is asked of the agents: they count their calls by the
/// status that whoever made one was told.
@Order(4)
@Tag("long")
class RollingRestartIT extends RollingDrill {
    @Test
    void noCallOfAnAgentFailsWhileCoordinatorsAreStartedAnewOneAfterTheOther() throws Exception {
        stage.begin();
        stage.bring();
        PicketProcess crawler = stage.crawler();
        RollingStage.AGENTS.forEach(stage::agent);
        stage.startAnewEach();
        stage.awaitRuled(crawler);
        stage.check(crawler);
    }
}
