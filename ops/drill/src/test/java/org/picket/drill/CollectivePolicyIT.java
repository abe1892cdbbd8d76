package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.picket.model.InstantBundle;
import org.picket.model.samples.SampleWriter;
import org.picket.proto.seal.Digest;

/// A site that rules by the policy that its coordinator hands out: it takes another one over between two scans, and
/// goes on with the last one in order where that is broken or gone.
@Tag("long")
class CollectivePolicyIT {
    private static final String POLICY = """
            id: "city"
            version: %d
            rule { id: "r1" category: "test.lighthouse" all { concept: "lighthouse" gte: %s } }
            """;
    private static final Pattern RULED = Pattern.compile(
            "storage \\d+ is ruled (by|from this scan on, which looks at every object anew, by|as before, by another text"
                    + " of) the collective's policy collective:city \\(\"city\" version (\\d+)\\), SHA-256 ([0-9a-f]{64}),"
                    + " epoch ([0-9a-f]{64})");

    @TempDir
    private Path folder;

    private final List<PicketProcess> processes = new ArrayList<>();
    private Path shelf;
    private Path bundle;

    @BeforeEach
    void begin() throws IOException {
        shelf = Files.createDirectory(folder.resolve("shelf"));
        bundle = Files.write(shelf.resolve("instant.bundle"), InstantBundle.file());
        put(POLICY.formatted(1, "0.9"));
        SampleWriter.write(folder.resolve("pictures"), 30, 7, (_, _) -> {});
        start("coordinator", "--data", data("coordinator"), "--listen", "127.0.0.1:0", "--artifacts", shelf.toString())
                .awaitOutput(Pattern.compile("listens at"));
        join("crawler", "crawler", "one.example");
        join("agent", "agent", "alice");
        start("agent", "run", "--data", data("agent"), "--provider", "cpu");
    }

    @AfterEach
    void end() {
        processes.reversed().forEach(PicketProcess::stop);
        PicketProcess.awaitNoOrphan(folder.resolve("coordinator"));
    }

    @Test
    void policyIsTakenOverBetweenScansAndTheLastOneInOrderGoesOn() throws IOException {
        PicketProcess crawler = crawler("crawler", "city", "--every", "1s");
        Matcher first = ruled(crawler, 1, "by");
        assertEquals(Digest.of(Files.readAllBytes(shelf.resolve("city.policy"))).hex(), first.group(3));
        crawler.awaitOutput(Pattern.compile("\"epoch\": ?\"" + first.group(4)));

        put(POLICY.formatted(2, "0.8"));
        Matcher second = ruled(crawler, 2, "from this scan on, which looks at every object anew, by");
        assertNotEquals(first.group(4), second.group(4));
        crawler.awaitOutput(Pattern.compile("\"epoch\": ?\"" + second.group(4)));

        put("id: \"city\" version: 3");
        crawler.awaitErrors(Pattern.compile(
                "no coordinator hands out the collective's policy \"city\"; the last one that was in order goes on"));
        crawler.signal("TERM");
        crawler.end();
        PicketProcess.Ended again = crawler("crawler", "city", "--once").end().expect(0);
        assertTrue(again.err().contains("goes on with the last one that was in order"), again.err());
        assertEquals(second.group(4), only(again.err()).group(4));

        put(POLICY.formatted(1, "0.9"));
        PicketProcess back = crawler("crawler", "city", "--every", "1s");
        back.awaitErrors(Pattern.compile(first.group(4)));
        back.signal("TERM");
        back.end();
    }

    @Test
    void nameThatNobodyHandsOutIsNoneToBeginWith() {
        PicketProcess.Ended refused = crawler("crawler", "village", "--once").end();
        assertNotEquals(0, refused.status());
        assertTrue(
                refused.err()
                        .contains("no coordinator hands out the collective's policy \"village\", and none is kept"),
                refused.err());
    }

    private static Matcher ruled(PicketProcess crawler, int version, String how) {
        crawler.awaitErrors(Pattern.compile("\"city\" version " + version));
        Matcher ruled = RULED.matcher(crawler.errors());
        while (ruled.find()) {
            if (ruled.group(2).equals(Integer.toString(version))) {
                assertEquals(how, ruled.group(1));
                return ruled;
            }
        }
        throw new AssertionError(crawler.errors());
    }

    private static Matcher only(String errors) {
        Matcher ruled = RULED.matcher(errors);
        assertTrue(ruled.find(), errors);
        return ruled;
    }

    /// As an operator puts it there: whole at once.
    private void put(String policy) throws IOException {
        Path fresh = Files.writeString(folder.resolve("city.new"), policy);
        Files.move(
                fresh,
                shelf.resolve("city.policy"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private PicketProcess crawler(String name, String policy, String... more) {
        List<String> arguments = new ArrayList<>(List.of("crawler", "run", "--data", data(name), "--views", "relay"));
        arguments.addAll(List.of("--storage", folder.resolve("pictures").toString(), "--json"));
        arguments.addAll(List.of("--bundle", bundle.toString(), "--policy", "collective:" + policy));
        arguments.addAll(List.of(more));
        return start(arguments.toArray(String[]::new));
    }

    private void join(String role, String name, String owner) {
        String code = start("invite", role, "--for", owner, "--data", data("coordinator"))
                .end()
                .expect(0)
                .lastLine();
        start(role, "join", code, "--data", data(name)).end().expect(0);
    }

    private PicketProcess start(String... arguments) {
        PicketProcess process = PicketProcess.start(folder, arguments);
        processes.add(process);
        return process;
    }

    private String data(String name) {
        return folder.resolve(name).toString();
    }
}
