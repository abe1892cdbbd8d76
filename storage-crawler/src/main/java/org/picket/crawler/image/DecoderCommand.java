package org.picket.crawler.image;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.picket.crawler.image.confinement.Confinement;
import org.picket.crawler.image.confinement.DecoderFiles;

/// How a child is started: the running JVM's own `java`, only the class path that decoding needs, bounded
/// memory, no environment but what is listed here (so that no secret of the parent gets into it), no files left
/// behind by a crash.
final class DecoderCommand {

    private static final int KIB = 1024;
    /// Passed on because the JVM reads paths by them, or, on Windows, cannot start without.
    private static final List<String> INHERITED = List.of("LANG", "LC_ALL", "LC_CTYPE", "SystemRoot", "TEMP", "TMPDIR");

    private static final Path SHELL = Path.of("/bin/sh");

    private DecoderCommand() {}

    static ProcessBuilder of(DecoderSettings settings, DecoderFiles files, Confinement confinement) {
        return of(settings, files, confinement, DecoderProcess.class.getName());
    }

    /// The same for another program.
    static ProcessBuilder of(DecoderSettings settings, DecoderFiles files, Confinement confinement, String mainClass) {
        List<String> command = new ArrayList<>();
        boolean posix = Files.isExecutable(SHELL);
        if (posix) {
            // Bounds that only the system can set; "exec" keeps the process and its pipes.
            String bounds = "ulimit -c 0; ulimit -v " + settings.childAddressBytes() / KIB + "; exec \"$@\"";
            command.addAll(List.of(SHELL.toString(), "-c", bounds, "sh"));
        }
        command.addAll(confinement.prefix());
        command.add(files.java().toString());
        command.addAll(flags(settings, files));
        command.addAll(files.classes()
                .map(cache -> List.of("-XX:AOTCache=" + cache, "-Xlog:aot*=off", "-Xlog:cds*=off"))
                .orElse(List.of("-Xshare:auto")));
        command.addAll(List.of("-cp", files.classPathText(), mainClass));
        command.add(Integer.toString(settings.maxObjectBytes()));
        command.add(Long.toString(settings.maxPixels()));
        ProcessBuilder builder = new ProcessBuilder(command);
        if (posix) {
            builder.directory(Path.of("/").toFile());
        }
        environment(settings, builder.environment());
        return builder;
    }

    /// A program that runs as a child does, decodes what lies in a folder and writes down what it needed for that. No
    /// bytes of strangers come into it, so it is confined to nothing.
    ///
    /// @param into the cache that it writes
    static ProcessBuilder training(DecoderSettings settings, DecoderFiles files, Path pictures, Path into) {
        List<String> command = new ArrayList<>(List.of(files.java().toString()));
        command.addAll(flags(settings, files));
        command.addAll(List.of("-XX:AOTCacheOutput=" + into, "-cp", files.classPathText()));
        command.addAll(List.of(DecoderLesson.class.getName(), pictures.toString()));
        ProcessBuilder builder = new ProcessBuilder(command);
        environment(settings, builder.environment());
        return builder;
    }

    private static List<String> flags(DecoderSettings settings, DecoderFiles files) {
        return List.of(
                "-Xms48m",
                "-Xmx" + settings.childHeapBytes(),
                // Large pictures go to the old generation, which gets the rest.
                "-Xmn32m",
                // Gives back what one large picture took.
                "-XX:MinHeapFreeRatio=10",
                "-XX:MaxHeapFreeRatio=30",
                "-XX:-ShrinkHeapInSteps",
                "-XX:+UseSerialGC",
                "-XX:ReservedCodeCacheSize=64m",
                "-XX:CompressedClassSpaceSize=64m",
                "-XX:-UsePerfData",
                "-XX:+DisableAttachMechanism",
                "-XX:+DisplayVMOutputToStderr",
                "-XX:+SuppressFatalErrorMessage",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.awt.headless=true",
                "-Dorg.bytedeco.javacpp.cachedir=" + files.natives(),
                // All native memory here is freed by hand.
                "-Dorg.bytedeco.javacpp.nopointergc=true",
                "-Dorg.bytedeco.javacpp.maxbytes=0",
                "-Dorg.bytedeco.javacpp.maxphysicalbytes=0");
    }

    private static void environment(DecoderSettings settings, Map<String, String> environment) {
        Map<String, String> inherited = INHERITED.stream()
                .filter(environment::containsKey)
                .collect(Collectors.toMap(name -> name, environment::get));
        environment.clear();
        environment.putAll(inherited);
        environment.put("OPENCV_IO_MAX_IMAGE_PIXELS", Long.toString(settings.maxPixels()));
        environment.put("OPENCV_LOG_LEVEL", "ERROR");
        environment.put("OPENCV_FOR_THREADS_NUM", "1");
        environment.put("OPENBLAS_NUM_THREADS", "1");
        environment.put("OMP_NUM_THREADS", "1");
        // Keeps the pages of one picture for the next one, instead of handing them back and faulting them in again.
        environment.put("MALLOC_MMAP_THRESHOLD_", Integer.toString(64 << 20));
        environment.put("MALLOC_TRIM_THRESHOLD_", Integer.toString(128 << 20));
    }
}
