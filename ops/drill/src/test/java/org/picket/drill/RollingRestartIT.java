package org.picket.drill;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two coordinators on one PostgreSQL are ended and started again, one after the other, while objects come to a
/// storage and two agents scan them. What the agents saw of it is asked of the agents: they count their calls by the
/// status that whoever made one was told.
@Order(4)
@Tag("long")
class RollingRestartIT {
    @TempDir
    private Path folder;

    private RollingStage stage;

    @BeforeEach
    void prepare() throws Exception {
        stage = new RollingStage(folder);
    }

    @AfterEach
    void end() {
        stage.close();
        PicketProcess.awaitNoOrphan(folder.resolve("postgres"));
    }

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
