package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.picket.agent.pack.Platform;

/// The agent as volunteers get it: one small jar, which fetches its native libraries once its operator agreed
/// to that.
@Order(50)
@Tag("long")
class AgentJarIT {
    private static final Path BUILT = Path.of("..", "agent", "target");
    private static final long JAR_BYTES = 30_000_000;

    @TempDir
    private Path folder;

    private final List<PicketProcess> processes = new ArrayList<>();

    @AfterEach
    void end() {
        processes.reversed().forEach(PicketProcess::stop);
        PicketProcess.awaitNoOrphan(folder.resolve("coordinator"));
    }

    @Test
    void jarIsSmallFetchesItsLibrariesOnceAfterItsOperatorAgreedAndScans() throws IOException {
        assertTrue(Files.size(jar()) < JAR_BYTES, Files.size(jar()) + " bytes");
        Path shelf = Files.createDirectory(folder.resolve("shelf"));
        String here = Platform.here().name();
        try (Stream<Path> packs = Files.list(BUILT.resolve("packs"))) {
            for (Path pack : packs.filter(one -> one.toString().contains(here)).toList()) {
                Files.copy(pack, shelf.resolve(pack.getFileName()));
            }
        }
        processes.add(PicketProcess.start(
                folder,
                Map.of("PICKET_COORDINATOR_ARTIFACTS_BANDWIDTH", "5MB"),
                "coordinator",
                "--data",
                data("coordinator"),
                "--listen",
                "127.0.0.1:0",
                "--artifacts",
                shelf.toString()));
        processes.getLast().awaitOutput(Pattern.compile("listens at"));
        picket("crawler", "join", invite("crawler", "example.org"), "--data", data("crawler"))
                .end()
                .expect(0);
        PicketProcess crawler = picket(
                "crawler",
                "run",
                "--storage",
                Admin.samples(folder, 60, 3).toString(),
                "--data",
                data("crawler"),
                "--views",
                "relay",
                "--once",
                "--json");

        agent("join", invite("agent", "alice")).end().expect(0);
        PicketProcess.Ended before = agent("doctor").end().expect(1);
        assertTrue(before.out().contains("no native libraries of ONNX Runtime for " + here), before.out());
        PicketProcess.Ended unasked = agent("run", "--provider", "cpu").end().expect(2);
        assertTrue(unasked.out().contains(" MB, once. --yes fetches them"), unasked.out());
        assertTrue(unasked.err().contains("was not agreed to"), unasked.err());

        PicketProcess killed = agent("run", "--provider", "cpu", "--yes");
        killed.awaitOutput(Pattern.compile("  [0-9.]+ MB of [0-9.]+ MB"));
        killed.killAfter(0);
        PicketProcess agent = agent("run", "--provider", "cpu", "--yes");
        agent.awaitErrors(Pattern.compile("uses ONNX Runtime [0-9.]+, " + here + ", cpu"));
        PicketProcess.Ended scan = crawler.end().expect(0);
        assertEquals(0, scan.number("open"));
        assertEquals(scan.number("listed"), scan.ruled());
        agent.stop();

        PicketProcess again = agent("run", "--provider", "cpu");
        again.awaitErrors(Pattern.compile("runs the bundle stand-in"));
        again.stop();
        String after = agent("doctor").end().out();
        assertTrue(after.contains("provider pack: ONNX Runtime"), after);
        assertTrue(after.contains("CPU works"), after);
    }

    private static Path jar() {
        Path jar = BUILT.resolve("picket-agent.jar").toAbsolutePath().normalize();
        if (!Files.exists(jar)) {
            throw new IllegalStateException("no " + jar + ": ops/drill/run builds it before these tests");
        }
        return jar;
    }

    private String invite(String role, String owner) {
        return picket("invite", role, "--for", owner, "--data", data("coordinator"))
                .end()
                .expect(0)
                .lastLine();
    }

    /// As a volunteer starts it: no flag for the JVM.
    private PicketProcess agent(String... arguments) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", jar().toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--data", data("agent")));
        PicketProcess process = PicketProcess.startOther(folder, command);
        processes.add(process);
        return process;
    }

    private PicketProcess picket(String... arguments) {
        PicketProcess process = PicketProcess.start(folder, arguments);
        processes.add(process);
        return process;
    }

    private String data(String name) {
        return folder.resolve(name).toString();
    }
}
