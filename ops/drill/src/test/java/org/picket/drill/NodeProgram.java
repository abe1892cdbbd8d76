package org.picket.drill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The agent of ops/drill/other-agent with its packages, which `npm ci` installs below `target`, once for a lock file.
final class NodeProgram {
    private static final int OLDEST_NODE = 18;
    private static final long INSTALL_SECONDS = 240;
    private static final Path SOURCE = Path.of("other-agent");
    private static final Path CONTRACT = Path.of("..", "..", "proto", "src", "main", "proto");
    private static final List<String> LACKS = List.of(
            "Picket's own agent is not the only one that the contract serves, and this drill shows it by one in Node.js.",
            "Install Node.js " + OLDEST_NODE + " or later and npm (Debian: apt-get install nodejs npm), or leave the"
                    + " drills out: mvn verify -pl '!ops/drill'.");

    private NodeProgram() {}

    /// The words before the arguments of the agent.
    ///
    /// @throws AssertionError if there is no Node.js to run it, or its packages cannot be installed
    static List<String> command() {
        requireNode();
        try {
            Path folder = installed();
            return List.of(
                    "node",
                    folder.resolve("agent.mjs").toString(),
                    "--contract",
                    CONTRACT.toAbsolutePath().normalize().toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void requireNode() {
        String version;
        try {
            version = said(Path.of(".").toAbsolutePath(), "node", "--version");
            said(Path.of(".").toAbsolutePath(), "npm", "--version");
        } catch (IOException e) {
            throw new AssertionError("node or npm is not on the PATH. " + String.join(" ", LACKS), e);
        }
        Matcher major = Pattern.compile("v(\\d+)\\.").matcher(version);
        if (!major.find() || Integer.parseInt(major.group(1)) < OLDEST_NODE) {
            throw new AssertionError("node says it is " + version.strip() + ". " + String.join(" ", LACKS));
        }
    }

    private static Path installed() throws IOException {
        Path folder = Path.of("target", "other-agent").toAbsolutePath();
        Path installed = folder.resolve("installed-lock.json");
        Files.createDirectories(folder);
        try (Stream<Path> files = Files.list(SOURCE)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, folder.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Path lock = folder.resolve("package-lock.json");
        if (!Files.exists(installed) || !Arrays.equals(Files.readAllBytes(installed), Files.readAllBytes(lock))) {
            said(folder, "npm", "ci");
            Files.copy(lock, installed, StandardCopyOption.REPLACE_EXISTING);
        }
        return folder;
    }

    /// What a command that ends well puts out.
    private static String said(Path folder, String... command) throws IOException {
        Path log = Files.createTempFile("picket-node-", ".log");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (!process.waitFor(INSTALL_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            if (process.waitFor() != 0) {
                throw new AssertionError(String.join(" ", command) + " did not end well:\n" + Files.readString(log));
            }
            return Files.readString(log);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            Files.delete(log);
        }
    }
}
