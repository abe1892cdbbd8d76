package org.picket.agent.pack;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;

/// A provider pack that lies unpacked.
///
/// @param folder of its libraries
/// @param platform that it is for
/// @param provider `cpu` or `cuda`
/// @param version of ONNX Runtime
public record ProviderPack(Path folder, String platform, String provider, String version) {
    /// The version of ONNX Runtime whose classes this program has; natives of another one do not go with them.
    public static final String RUNTIME = "1.29.0";

    /// The note of what a pack is.
    static final String NOTE = "pack.properties";

    /// Where ONNX Runtime looks for its libraries before it looks anywhere else.
    private static final String LIBRARIES = "onnxruntime.native.path";

    private static final Pattern WORD = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    /// Reads a pack's note.
    ///
    /// @return empty where it is none
    static Optional<ProviderPack> of(Path folder, String note) {
        Properties lines = new Properties();
        try {
            lines.load(new StringReader(note));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
        ProviderPack pack = new ProviderPack(
                folder,
                lines.getProperty("platform", "").strip(),
                lines.getProperty("provider", "").strip(),
                lines.getProperty("onnxruntime", "").strip());
        boolean sound = WORD.matcher(pack.platform()).matches()
                && WORD.matcher(pack.provider()).matches()
                && WORD.matcher(pack.version()).matches();
        return sound ? Optional.of(pack) : Optional.empty();
    }

    /// Why this program cannot use it on such a machine.
    public Optional<String> misfit(Platform here) {
        if (!platform.equals(here.name())) {
            return Optional.of("it is for " + platform + ", and this machine is " + here.name());
        }
        return version.equals(RUNTIME)
                ? Optional.empty()
                : Optional.of("it is of ONNX Runtime " + version + ", and this program goes with " + RUNTIME
                        + " alone; take the pack of this program's release");
    }

    /// From now on ONNX Runtime takes its libraries from here; to be called before it is used.
    public void use() {
        System.setProperty(LIBRARIES, folder.toAbsolutePath().toString());
    }

    /// For people.
    public String inWords() {
        return "ONNX Runtime " + version + ", " + platform + ", " + provider;
    }
}
