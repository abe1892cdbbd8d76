package org.picket.cli;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.picket.crawler.source.Folder;
import org.picket.crawler.source.SourceException;

class FirstFolderTest {
    @TempDir
    private Path base;

    private Path storage;
    private Path data;
    private final FirstFolder first = new FirstFolder();

    @BeforeEach
    void folders() throws IOException {
        storage = Files.createDirectory(base.resolve("storage"));
        data = Files.createDirectory(base.resolve("data"));
        Files.writeString(storage.resolve("picture"), "a harmless picture");
    }

    private void open() {
        first.require(Folder.open(storage, data));
    }

    @Test
    void theSameFolderIsOpenedAgain() throws IOException {
        open();
        Files.writeString(storage.resolve("another"), "another harmless picture");
        open();
        Path away = Files.move(storage, base.resolve("away"));
        Files.move(away, storage);
        open();
    }

    /// As the place of a volume that is not mounted any more is another one, whatever lies in it.
    @Test
    void anotherAtItsPlaceIsRefusedUntilTheFirstIsBack() throws IOException {
        open();
        Path away = Files.move(storage, base.resolve("away"));
        Files.writeString(Files.createDirectory(storage).resolve("stray"), "a stray file");
        for (int attempt = 0; attempt < 2; attempt++) {
            String words = assertThrows(SourceException.class, this::open).getMessage();
            assertTrue(words.contains(storage.toRealPath().toString()), words);
            assertTrue(words.contains("mounted") && words.contains("start this crawler anew"), words);
        }
        Files.move(storage, base.resolve("stray"));
        Files.move(away, storage);
        open();
    }
}
