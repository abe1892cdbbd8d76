package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.picket.crawler.image.Corpus;

/// A store of nothing but files that cannot be decoded, scanned by the predecessors' rules.
class HostileScanIT {
    /// There are 246, and five more where JPEG XL is decoded.
    private static final int LEAST_FILES = 246;

    @TempDir
    private Path folder;

    @Test
    void undecodableFilesAreInconclusiveNotClearedAndNotRemoved() throws IOException {
        Path store = Files.createDirectory(folder.resolve("store"));
        int files = Corpus.writeUndecodable(store);
        System.out.println(files + " files of which nothing can be decoded");
        assertTrue(files >= LEAST_FILES, files + " files");
        FileTreeState before = FileTreeState.of(store);
        PicketProcess.Ended scan = Admin.of(folder, "data")
                .run("scan", store.toString(), "--mode", "delete", "--json")
                .expect(0);
        assertEquals(files, scan.number("listed"));
        assertEquals(files, scan.number("inconclusive"));
        assertEquals(0, scan.number("cleared"));
        assertEquals(0, scan.number("purged"));
        assertEquals(before, FileTreeState.of(store));
    }
}
