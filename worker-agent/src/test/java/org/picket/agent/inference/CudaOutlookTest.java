package org.picket.agent.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Hundreds of megabytes are fetched where they are of use alone.
class CudaOutlookTest {
    private static final NvidiaTool.Answer SAID = new NvidiaTool.Answer.Said("24564\n");
    private static final NvidiaTool.Answer SILENT = new NvidiaTool.Answer.Silent();
    private static final NvidiaTool.Answer ABSENT = new NvidiaTool.Answer.Absent();
    private static final CudaLibraries.Report WHOLE =
            new CudaLibraries.Report(true, List.of("libcudart.so.12"), List.of());

    private static String lacking(CudaOutlook outlook) {
        return assertInstanceOf(CudaOutlook.Lacking.class, outlook).inWords();
    }

    @Test
    void cardWithAllThatItNeedsIsSeenOnTheBusOrByItsDriver() {
        assertEquals(new CudaOutlook.Able(), CudaOutlook.of(OptionalInt.of(1), SAID, () -> Optional.of(WHOLE)));
        assertEquals(new CudaOutlook.Able(), CudaOutlook.of(OptionalInt.of(1), ABSENT, () -> Optional.of(WHOLE)));
        assertEquals(new CudaOutlook.Able(), CudaOutlook.of(OptionalInt.empty(), SAID, () -> Optional.of(WHOLE)));
    }

    @Test
    void whereThereIsNoCardNoLibraryIsLookedFor() {
        for (NvidiaTool.Answer driver : List.of(SILENT, ABSENT)) {
            for (OptionalInt cards : List.of(OptionalInt.of(0), OptionalInt.empty())) {
                assertEquals(new CudaOutlook.NoCard(), CudaOutlook.of(cards, driver, () -> {
                    throw new AssertionError("looked for libraries");
                }));
            }
        }
    }

    @Test
    void cardThatCannotBeUsedIsToldWithWhatToDo() {
        assertTrue(lacking(CudaOutlook.of(OptionalInt.of(1), SILENT, () -> Optional.of(WHOLE)))
                .contains("its driver does not answer"));
        assertTrue(lacking(CudaOutlook.of(OptionalInt.of(1), SAID, Optional::empty))
                .contains("this platform"));
        CudaLibraries.Report noCudnn = new CudaLibraries.Report(true, List.of(), List.of("libcudnn.so.9"));
        String words = lacking(CudaOutlook.of(OptionalInt.of(2), SAID, () -> Optional.of(noCudnn)));
        assertTrue(words.contains("missing: libcudnn.so.9") && words.contains("install cuDNN 9"), words);
    }

    @Test
    void fileThatIsNoLibraryIsToldBeforeAnythingIsLoadedFromIt(@TempDir Path folder) throws IOException {
        Files.write(folder.resolve(System.mapLibraryName("onnxruntime")), new byte[] {1, 2, 3});
        assertTrue(NativesTrial.fault(folder).isPresent());
        assertTrue(NativesTrial.fault(folder.resolve("none")).isPresent());
    }
}
