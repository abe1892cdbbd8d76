package org.picket.coordinator.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerBinariesTest {
    @TempDir
    private Path parent;

    @Test
    void ofSeveralWhoWantThemAtOnceOneUnpacksAndNothingHalfMadeIsLeft() throws IOException {
        Path programs = parent.resolve("shared");
        Path torn = Files.createDirectories(programs.resolve(".unpack-1/bin"));
        Files.createFile(torn.resolve("postgres"));
        List<CompletableFuture<ServerBinaries>> all = Stream.generate(
                        () -> CompletableFuture.supplyAsync(() -> ServerBinaries.unpackInto(programs)))
                .limit(3)
                .toList();
        Path home = all.getFirst().join().home();
        all.forEach(one -> assertEquals(home, one.join().home()));
        assertTrue(Files.isExecutable(all.getFirst().join().program("postgres")));
        try (Stream<Path> left = Files.list(programs)) {
            assertFalse(
                    left.anyMatch(path -> path.getFileName().toString().startsWith(".unpack-")), "half of it is left");
        }
        var modified = Files.getLastModifiedTime(home);
        ServerBinaries.unpackInto(programs);
        assertEquals(modified, Files.getLastModifiedTime(home));
    }

    @Test
    void serverRunsFromProgramsElsewhereThoughItsDataIsForItsOwnerAlone() throws IOException {
        Path programs = parent.resolve("shared");
        Path closed = Files.createDirectory(
                parent.resolve("closed"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path dir = closed.resolve("database");
        try (EmbeddedPostgres server = EmbeddedPostgres.start(new DatabaseSettings.Embedded(dir, programs, 32))) {
            assertTrue(server.isAlive());
        }
        assertFalse(Files.exists(dir.resolve(".unpacking")));
        assertTrue(Files.exists(programs.resolve(".unpacking")));
    }
}
