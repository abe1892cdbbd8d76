package org.picket.drill;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// What drills of coordinators that are started anew begin and end with.
abstract class RollingDrill {
    @TempDir
    Path folder;

    RollingStage stage;

    @BeforeEach
    final void prepare() throws Exception {
        stage = new RollingStage(folder);
    }

    @AfterEach
    final void end() {
        stage.close();
        PicketProcess.awaitNoOrphan(folder.resolve("postgres"));
    }
}
