package org.picket.agent.pack;

import java.util.Locale;

/// Which machine this is, in the words of ONNX Runtime's own folders.
///
/// @param name for instance `linux-x64`
public record Platform(String name) {
    /// This one.
    public static Platform here() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        String first = system.contains("mac") ? "osx" : system.contains("win") ? "win" : "linux";
        String second = switch (processor) {
            case "amd64", "x86_64" -> "x64";
            case "aarch64", "arm64" -> "aarch64";
            default -> processor.replaceAll("[^a-z0-9]", "");
        };
        return new Platform(first + "-" + second);
    }

    /// Whether the program itself has the libraries of this platform.
    public boolean builtIn() {
        return Platform.class.getResource("/ai/onnxruntime/native/" + name + "/" + library()) != null;
    }

    private static String library() {
        return System.mapLibraryName("onnxruntime");
    }
}
