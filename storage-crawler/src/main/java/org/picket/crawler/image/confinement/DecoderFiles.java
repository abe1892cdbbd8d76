package org.picket.crawler.image.confinement;

import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;

/// What a child must find on disk, each by its one true path, so that a confinement can name it.
///
/// @param home of the JDK
/// @param classPath the folders and archives that decoding needs
/// @param natives where the native libraries are unpacked to
/// @param classes the cache of classes, if there is one
public record DecoderFiles(Path home, List<Path> classPath, Path natives, Optional<Path> classes) {

    /// What programs of the system are linked against; some systems have only some of them.
    private static final List<Path> LIBRARIES = Stream.of(
                    "/lib",
                    "/lib64",
                    "/usr/lib",
                    "/usr/lib64",
                    "/etc/ld.so.cache",
                    "/etc/alternatives",
                    "/nix/store",
                    "/gnu/store")
            .map(Path::of)
            .toList();

    /// @param folder of the natives
    /// @param cache of classes; none where it is not there
    public static DecoderFiles find(Path folder, Optional<Path> cache) {
        Path natives = folder.toAbsolutePath();
        return new DecoderFiles(
                real(Path.of(System.getProperty("java.home"))),
                entries().stream().map(DecoderFiles::real).toList(),
                Files.isDirectory(natives) ? real(natives) : natives,
                cache.filter(Files::isReadable).map(DecoderFiles::real));
    }

    public Path java() {
        return home.resolve("bin").resolve("java");
    }

    /// All that is read and never written, as far as it is there.
    List<Path> readable() {
        List<Path> readable = new ArrayList<>(LIBRARIES);
        readable.add(home);
        // Debian keeps the settings of its JDKs there.
        readable.add(Path.of("/etc/java-" + Runtime.version().feature() + "-openjdk"));
        readable.addAll(classPath);
        classes.ifPresent(readable::add);
        return readable.stream().filter(Files::exists).toList();
    }

    /// With more on the class path.
    public DecoderFiles withClassPath(List<Path> more) {
        return new DecoderFiles(
                home, Stream.concat(classPath.stream(), more.stream()).toList(), natives, classes);
    }

    public String classPathText() {
        return classPath.stream().map(Path::toString).collect(Collectors.joining(java.io.File.pathSeparator));
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException("the picture decoder cannot reach " + path, e);
        }
    }

    /// The folders and archives that hold this package, JavaCPP, OpenCV, OpenBLAS, FFmpeg and their natives for this
    /// platform.
    private static Set<Path> entries() {
        Set<Path> entries = new LinkedHashSet<>();
        entries.add(holder(DecoderFiles.class.getName().replace('.', '/') + ".class"));
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

    private static Path holder(String resource) {
        URL url = DecoderFiles.class.getClassLoader().getResource(resource);
        if (url == null) {
            throw new IllegalStateException("the picture decoder lacks " + resource
                    + "; install Picket with the natives of this platform (" + Loader.getPlatform() + ")");
        }
        try {
            URLConnection connection = url.openConnection();
            if (connection instanceof JarURLConnection archive) {
                return Path.of(archive.getJarFileURL().toURI());
            }
            String folder = url.toURI().toString();
            return Path.of(URI.create(folder.substring(0, folder.length() - resource.length())));
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("the picture decoder cannot tell which archive holds " + resource, e);
        }
    }
}
