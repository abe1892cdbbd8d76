package org.picket.agent.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CudaLibrariesTest {
    @TempDir
    private Path folder;

    private static final Set<String> ALL = Set.of(
            "libcuda.so.1",
            "libcudart.so.12",
            "libcublas.so.12",
            "libcublasLt.so.12",
            "libcurand.so.10",
            "libcufft.so.11",
            "libcudnn.so.9");

    private static CudaLibraries.Report linux(Set<String> there) {
        return CudaLibraries.of("linux-x64", there::contains).orElseThrow();
    }

    @Test
    void whereAllIsThereNothingIsAdvised() {
        CudaLibraries.Report report = linux(ALL);
        assertTrue(report.whole());
        assertEquals(Optional.empty(), report.advice());
        assertTrue(report.inWords().endsWith("missing: none"), report.inWords());
    }

    @Test
    void eachLackIsNamedWithWhatToDo() {
        CudaLibraries.Report nothing = linux(Set.of());
        assertEquals(List.of(), nothing.found());
        assertEquals(6, nothing.missing().size());
        String advice = nothing.advice().orElseThrow();
        assertTrue(advice.contains("driver") && advice.contains("CUDA 12") && advice.contains("cuDNN 9"), advice);

        CudaLibraries.Report driver = linux(Set.of("libcuda.so.1"));
        assertFalse(driver.advice().orElseThrow().contains("install NVIDIA's driver"));
        assertFalse(driver.whole());
    }

    @Test
    void cudnnAloneIsAskedForWhereItAloneLacks() {
        Set<String> there = new java.util.HashSet<>(ALL);
        there.remove("libcudnn.so.9");
        String advice = linux(there).advice().orElseThrow();
        assertTrue(advice.contains("cuDNN 9") && !advice.contains("runtime of CUDA"), advice);
    }

    @Test
    void anotherMajorVersionIsTold() {
        CudaLibraries.Report report = linux(Set.of("libcudart.so.13", "libcudnn.so.8"));
        assertTrue(report.missing().contains("libcudart.so.12 (there is libcudart.so.13)"), report.inWords());
        assertTrue(report.missing().contains("libcudnn.so.9 (there is libcudnn.so.8)"), report.inWords());
    }

    @Test
    void windowsHasOtherNamesAndOtherSystemsHaveNone() {
        CudaLibraries.Report report = CudaLibraries.of("win-x64", Set.of("nvcuda.dll", "cublasLt64_12.dll")::contains)
                .orElseThrow();
        assertTrue(report.driver());
        assertEquals(List.of("cublasLt64_12.dll"), report.found());
        assertTrue(report.missing().contains("cudnn64_9.dll"), report.inWords());
        assertEquals(Optional.empty(), CudaLibraries.of("osx-aarch64", _ -> true));
        assertEquals(Optional.empty(), CudaLibraries.here("linux-aarch64"));
    }

    /// What is loaded is what is looked for, not what has such a name.
    @Test
    void thisMachineIsLookedAtByLoading() throws IOException {
        String name = System.mapLibraryName("zip");
        Path there = Path.of(System.getProperty("java.home"), name.endsWith(".dll") ? "bin" : "lib", name);
        assertTrue(CudaLibraries.loads(there.toString()), there.toString());
        Path named = Files.writeString(folder.resolve("libcudart.so.12"), "no library");
        assertFalse(CudaLibraries.loads(named.toString()));
        assertFalse(CudaLibraries.loads("libpicket-has-none-of-this-name.so"));
    }
}
