package org.picket.runtime;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class VersionTest {
    @Test
    void versionIsThatOfTheBuild() throws IOException {
        String build = Files.readString(Path.of("pom.xml"));
        assertTrue(build.contains("<version>" + Version.PICKET + "</version>"), "pom.xml names another version");
    }
}
