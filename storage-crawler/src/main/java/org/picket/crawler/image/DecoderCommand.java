package org.picket.crawler.image;

import java.io.File;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.Loader;

/// How a child is started: the running JVM's own `java`, only the class path that decoding needs, bounded
/// memory, no environment but what is listed here (so that no secret of the parent gets into it), no files left
/// behind by a crash.
final class DecoderCommand {

    private static final int KIB = 1024;
    /// Passed on because the JVM reads paths by them, or, on Windows, cannot start without.
    private static final List<String> INHERITED = List.of("LANG", "LC_ALL", "LC_CTYPE", "SystemRoot", "TEMP", "TMPDIR");

    private static final Path SHELL = Path.of("/bin/sh");

    private DecoderCommand() {}

    static ProcessBuilder of(DecoderSettings settings, Confinement confinement) {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(SHELL)) {
            // Bounds that only the system can set; "exec" keeps the process and its pipes.
            String bounds = "ulimit -c 0; ulimit -v " + settings.childAddressBytes() / KIB + "; exec \"$@\"";
            command.addAll(List.of(SHELL.toString(), "-c", bounds, "sh"));
        }
        command.addAll(confinement.prefix());
        command.add(java());
        command.addAll(flags(settings));
        command.addAll(List.of("-cp", String.join(File.pathSeparator, classPath()), DecoderProcess.class.getName()));
        command.add(Integer.toString(settings.maxObjectBytes()));
        command.add(Long.toString(settings.maxPixels()));
        ProcessBuilder builder = new ProcessBuilder(command);
        environment(settings, builder.environment());
        return builder;
    }

    private static List<String> flags(DecoderSettings settings) {
        return List.of(
                "-Xms48m",
                "-Xmx" + settings.childHeapBytes(),
                // Large pictures go to the old generation, which gets the rest.
                "-Xmn32m",
                // Gives back what one large picture took.
                "-XX:MinHeapFreeRatio=10",
                "-XX:MaxHeapFreeRatio=30",
                "-XX:-ShrinkHeapInSteps",
                "-Xshare:auto",
                "-XX:+UseSerialGC",
                "-XX:ReservedCodeCacheSize=64m",
                "-XX:CompressedClassSpaceSize=64m",
                "-XX:-UsePerfData",
                "-XX:+DisplayVMOutputToStderr",
                "-XX:+SuppressFatalErrorMessage",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.awt.headless=true",
                "-Dorg.bytedeco.javacpp.cachedir=" + settings.natives().toAbsolutePath(),
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

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /// What a child must be able to read.
    static List<String> reads() {
        List<String> reads = new ArrayList<>(classPath());
        reads.add(java());
        return reads;
    }

    /// The folders and archives that hold this package, JavaCPP, OpenCV, OpenBLAS, FFmpeg and their natives for
    /// this platform.
    private static Set<String> classPath() {
        Set<String> entries = new LinkedHashSet<>();
        entries.add(holder("org/picket/crawler/image/DecoderProcess.class"));
        for (String preset : List.of("javacpp", "openblas", "opencv", "ffmpeg")) {
            String library = switch (preset) {
                case "opencv" -> "opencv_imgcodecs";
                case "ffmpeg" -> "avcodec";
                default -> preset;
            };
            String marker = preset.equals("javacpp") ? "Loader" : "presets/" + library;
            entries.add(holder("org/bytedeco/" + preset + "/" + marker + ".class"));
            entries.add(holder("org/bytedeco/" + preset + "/" + Loader.getPlatform() + "/"
                    + System.mapLibraryName("jni" + library)));
        }
        return entries;
    }

    private static String holder(String resource) {
        URL url = DecoderCommand.class.getClassLoader().getResource(resource);
        if (url == null) {
            throw new IllegalStateException("the picture decoder lacks " + resource
                    + "; install Picket with the natives of this platform (" + Loader.getPlatform() + ")");
        }
        try {
            URLConnection connection = url.openConnection();
            if (connection instanceof JarURLConnection archive) {
                return Path.of(archive.getJarFileURL().toURI()).toString();
            }
            String folder = url.toURI().toString();
            return Path.of(URI.create(folder.substring(0, folder.length() - resource.length())))
                    .toString();
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("the picture decoder cannot tell which archive holds " + resource, e);
        }
    }
}
