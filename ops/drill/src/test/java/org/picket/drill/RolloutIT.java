package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.picket.model.InstantBundle;
import org.picket.model.samples.SampleWriter;

/// An agent that comes with no bundle at all: it fetches what is wanted from its coordinator, also where it is
/// killed in the midst of that, and gets the bundle of another epoch while it works.
@Order(40)
@Tag("long")
class RolloutIT {
    private static final String POLICY = """
            id: "one"
            version: 1
            rule { id: "%1$s" category: "test.%1$s" all { concept: "%1$s" gte: 0.9 } }
            """;
    private static final long LIMIT_NANOS = 60_000_000_000L;
    private static final long LOOK_NANOS = 5_000_000;

    @TempDir
    private Path folder;

    private final List<PicketProcess> processes = new ArrayList<>();

    @AfterEach
    void end() {
        processes.reversed().forEach(PicketProcess::stop);
        PicketProcess.awaitNoOrphan(folder.resolve("coordinator"));
    }

    /// The same bundle in more bytes, so that fetching it takes a while.
    private static byte[] unpacked(byte[] bundle) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipInputStream from = new ZipInputStream(new ByteArrayInputStream(bundle));
                ZipOutputStream to = new ZipOutputStream(out)) {
            to.setLevel(0);
            for (Optional<ZipEntry> entry = next(from); entry.isPresent(); entry = next(from)) {
                to.putNextEntry(new ZipEntry(entry.get().getName()));
                from.transferTo(to);
            }
        }
        return out.toByteArray();
    }

    private static Optional<ZipEntry> next(ZipInputStream zip) throws IOException {
        return Optional.ofNullable(zip.getNextEntry());
    }

    @Test
    void agentWithoutABundleIsKilledWhileItFetchesOneAndThenScansTwoEpochsSideBySide() throws IOException {
        Path shelf = Files.createDirectory(folder.resolve("shelf"));
        byte[] first = unpacked(InstantBundle.file());
        Path firstFile = Files.write(shelf.resolve("first.bundle"), first);
        Path one = samples("one", 1);
        processes.add(PicketProcess.start(
                folder,
                Map.of("PICKET_LEASE_TTL", "10s", "PICKET_COORDINATOR_ARTIFACTS_BANDWIDTH", "100kB"),
                "coordinator",
                "--data",
                data("coordinator"),
                "--listen",
                "127.0.0.1:0",
                "--artifacts",
                shelf.toString()));
        processes.getLast().awaitOutput(Pattern.compile("listens at"));
        join("crawler", "crawler-one", "one.example");
        join("crawler", "crawler-two", "two.example");
        join("agent", "agent", "alice");
        String[] bundle = {"--bundle", firstFile.toString(), "--policy", policy("lighthouse")};
        PicketProcess crawler = crawler("crawler-one", one, bundle);
        crawler.awaitErrors(Pattern.compile("listed \\d+ objects"));

        PicketProcess agent = agent();
        agent.awaitErrors(Pattern.compile("fetches the bundle instant 1 from the coordinator, [0-9.]+ kB"));
        long came = awaitPart();
        agent.killAfter(0);
        assertTrue(came < first.length, "all of it had come");
        assertEquals(List.of(), bundles(".bundle"), "an unfinished bundle is in place");
        assertEquals(
                "rwx------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("agent/bundles"))));

        agent = agent();
        agent.awaitErrors(Pattern.compile("runs the bundle instant 1"));
        PicketProcess.Ended scan = crawler.end().expect(0);
        assertEquals(0, scan.number("open"));
        assertEquals(scan.number("listed"), scan.ruled());
        assertEquals(List.of(), bundles(".part"));

        Path second = Files.write(folder.resolve("second.bundle"), InstantBundle.file(64, List.of("red")));
        Files.copy(second, shelf.resolve("second.bundle"));
        // Nobody scans before both are listed: then two epochs are open at once for the one agent.
        String fetched = agent.errors();
        agent.interrupt();
        agent.end().expect(0);
        PicketProcess again = crawler("crawler-one", samples("three", 3), bundle);
        PicketProcess other =
                crawler("crawler-two", samples("two", 2), "--bundle", second.toString(), "--policy", policy("red"));
        Pattern listed = Pattern.compile("listed \\d+ objects");
        again.awaitErrors(listed);
        other.awaitErrors(listed);
        agent();
        PicketProcess.Ended scanned = other.end().expect(0);
        assertEquals(scanned.number("listed"), scanned.ruled());
        assertEquals(0, again.end().expect(0).number("open"));
        assertEquals(2, bundles(".bundle").size());
        assertTrue(fetched.contains("fetches the bundle instant 1 from the coordinator"), fetched);
    }

    private String policy(String concept) throws IOException {
        return Files.writeString(folder.resolve(concept + ".textproto"), POLICY.formatted(concept))
                .toString();
    }

    private Path samples(String name, long seed) {
        SampleWriter.write(folder.resolve(name), 60, seed, (_, _) -> {});
        return folder.resolve(name);
    }

    private List<Path> bundles(String ending) throws IOException {
        Path kept = folder.resolve("agent").resolve("bundles");
        if (!Files.exists(kept)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(kept)) {
            return files.filter(file -> file.toString().endsWith(ending)).toList();
        }
    }

    /// Waits until some of it has come.
    private long awaitPart() throws IOException {
        long deadline = System.nanoTime() + LIMIT_NANOS;
        while (System.nanoTime() < deadline) {
            for (Path part : bundles(".part")) {
                if (Files.size(part) > 0) {
                    return Files.size(part);
                }
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        throw new AssertionError("nothing of a bundle came");
    }

    private void join(String role, String name, String owner) {
        String code = run("invite", role, "--for", owner, "--data", data("coordinator"))
                .expect(0)
                .lastLine();
        run(role, "join", code, "--data", data(name)).expect(0);
    }

    private PicketProcess crawler(String name, Path storage, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "crawler", "run", "--storage", storage.toString(), "--data", data(name), "--views", "relay", "--once"));
        arguments.add("--json");
        arguments.addAll(List.of(more));
        return start(arguments.toArray(String[]::new));
    }

    private PicketProcess agent() {
        return start("agent", "run", "--data", data("agent"), "--provider", "cpu");
    }

    private PicketProcess start(String... arguments) {
        PicketProcess process = PicketProcess.start(folder, arguments);
        processes.add(process);
        return process;
    }

    private PicketProcess.Ended run(String... arguments) {
        return start(arguments).end();
    }

    private String data(String name) {
        return folder.resolve(name).toString();
    }
}
