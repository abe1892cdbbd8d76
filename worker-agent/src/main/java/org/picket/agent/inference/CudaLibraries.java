package org.picket.agent.inference;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// What ONNX Runtime's CUDA provider asks of the machine: NVIDIA's driver, and libraries of CUDA 12 and cuDNN 9, which
/// no provider pack has in it. Tells which of them load here.
public final class CudaLibraries {
    private static final String LINUX = "linux-x64";
    private static final String WINDOWS = "win-x64";

    /// Versions of a library that are looked for, beside the one that is needed.
    private static final int APART = 2;

    private CudaLibraries() {}

    /// One that is needed.
    ///
    /// @param base of its file's name
    /// @param version in it
    private record Library(String base, int version) {
        String file(String platform, int other) {
            return platform.equals(WINDOWS) ? base + "64_" + other + ".dll" : "lib" + base + ".so." + other;
        }

        String file(String platform) {
            return file(platform, version);
        }
    }

    private static final List<Library> NEEDED = List.of(
            new Library("cudart", 12),
            new Library("cublas", 12),
            new Library("cublasLt", 12),
            new Library("curand", 10),
            new Library("cufft", 11),
            new Library("cudnn", 9));

    /// What was found.
    ///
    /// @param driver whether the driver's library loads
    /// @param found files that load
    /// @param missing files that do not; where another version does, with its name
    public record Report(boolean driver, List<String> found, List<String> missing) {
        public Report {
            found = List.copyOf(found);
            missing = List.copyOf(missing);
        }

        /// Whether nothing lacks.
        public boolean whole() {
            return driver && missing.isEmpty();
        }

        /// What there is and what is not, in one line.
        public String inWords() {
            return (driver ? "driver's library loads" : "driver's library (libcuda) does not load") + "; found: "
                    + list(found) + "; missing: " + list(missing);
        }

        /// What to do; empty: nothing lacks.
        public Optional<String> advice() {
            List<String> steps = new ArrayList<>();
            if (!driver) {
                steps.add("install NVIDIA's driver, and in a container pass the card through");
            }
            if (missing.stream().anyMatch(name -> !name.contains("cudnn"))) {
                steps.add("install the runtime of CUDA 12 (12.8 or later; another major version does not do)");
            }
            if (missing.stream().anyMatch(name -> name.contains("cudnn"))) {
                steps.add("install cuDNN 9 for CUDA 12");
            }
            if (steps.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of("to compute with CUDA: " + String.join("; ", steps)
                    + ". Libraries are looked for where the system does, and in LD_LIBRARY_PATH (Windows: PATH)");
        }

        private static String list(List<String> names) {
            return names.isEmpty() ? "none" : String.join(", ", names);
        }
    }

    /// Looks on this machine; empty where ONNX Runtime has no CUDA at all.
    ///
    /// @param platform in the words of ONNX Runtime's folders
    public static Optional<Report> here(String platform) {
        return of(platform, CudaLibraries::loads);
    }

    /// Pure but for what it is given.
    ///
    /// @param loads whether a library of that name loads
    static Optional<Report> of(String platform, Predicate<String> loads) {
        if (!platform.equals(LINUX) && !platform.equals(WINDOWS)) {
            return Optional.empty();
        }
        List<String> found = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (Library library : NEEDED) {
            if (loads.test(library.file(platform))) {
                found.add(library.file(platform));
            } else {
                missing.add(library.file(platform) + other(library, platform, loads));
            }
        }
        return Optional.of(
                new Report(loads.test(platform.equals(WINDOWS) ? "nvcuda.dll" : "libcuda.so.1"), found, missing));
    }

    /// The usual trouble: another major version is installed.
    private static String other(Library library, String platform, Predicate<String> loads) {
        return IntStream.rangeClosed(library.version() - APART, library.version() + APART)
                .filter(version -> version != library.version())
                .mapToObj(version -> library.file(platform, version))
                .filter(loads)
                .findFirst()
                .map(name -> " (there is " + name + ")")
                .orElse("");
    }

    /// By loading it, as the runtime would, and letting go of it.
    @SuppressWarnings("restricted")
    static boolean loads(String name) {
        try (Arena arena = Arena.ofConfined()) {
            return SymbolLookup.libraryLookup(name, arena) != null;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
