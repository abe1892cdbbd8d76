package org.picket.bench.decode;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Pillow in Python, as the programs that Picket takes over from use it: one process for each kind of pictures,
/// which reads its files once and then only turns them into views.
final class Pillow implements Peer {
    static final String ADVICE =
            "Pillow is not installed, its figures are left out; on Debian: apt-get install python3-pil";

    private static final int VIEW_SIZE = 224;
    private static final List<String> PYTHONS = List.of("/usr/bin/python3", "python3");

    private final String python;
    private final String mode;
    private final Path folder;
    private final Map<Pictures, Loop> loops = new HashMap<>();

    private record Loop(Process process, BufferedReader output, Writer input) {}

    private Pillow(String python, String mode, Path folder) {
        this.python = python;
        this.mode = mode;
        this.folder = folder;
    }

    /// @param mode `full` or `draft`
    /// @return nothing where no Python with Pillow is installed
    static Optional<Peer> find(String mode, Path folder) throws InterruptedException {
        for (String python : PYTHONS) {
            try {
                Process probe = new ProcessBuilder(python, "-c", "import PIL.Image")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
                if (probe.waitFor() == 0) {
                    return Optional.of(new Pillow(python, mode, folder));
                }
            } catch (IOException absent) {
                continue; // No such program.
            }
        }
        return Optional.empty();
    }

    @Override
    public String name() {
        return mode.equals("full") ? "pillow" : "pillow_" + mode;
    }

    @Override
    public double rate(Pictures pictures, double seconds) throws IOException {
        Loop loop = loops.get(pictures);
        if (loop == null) {
            loop = start(pictures);
            loops.put(pictures, loop);
        }
        loop.input().write(mode + " " + seconds + "\n");
        loop.input().flush();
        return Double.parseDouble(line(loop));
    }

    private Loop start(Pictures pictures) throws IOException {
        Path here = Files.createTempDirectory(folder, "pillow-");
        Path files = Files.createDirectory(here.resolve("files"));
        for (int turn = 0; turn < pictures.files().size(); turn++) {
            Files.write(files.resolve(Integer.toString(turn)), pictures.file(turn));
        }
        Path script = here.resolve("loop.py");
        try (InputStream text = Pillow.class.getResourceAsStream("pillow_loop.py")) {
            Files.copy(text, script);
        }
        Process process = new ProcessBuilder(python, script.toString(), files.toString(), Integer.toString(VIEW_SIZE))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Loop loop = new Loop(
                process,
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)),
                process.outputWriter(StandardCharsets.UTF_8));
        line(loop);
        return loop;
    }

    private static String line(Loop loop) throws IOException {
        String line = loop.output().readLine();
        if (line == null) {
            throw new IOException("the Pillow loop ended; its complaint stands above");
        }
        return line;
    }

    @Override
    public void close() {
        loops.values().forEach(loop -> loop.process().destroyForcibly());
    }
}
