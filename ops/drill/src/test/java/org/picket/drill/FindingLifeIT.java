package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an admin does with findings: enforce, release, purge; and what happens where the object is no longer
/// the one that was ruled on.
class FindingLifeIT {
    @TempDir
    private Path folder;

    private Path samples;
    private Path data;
    private List<String> row;
    private Path object;

    @BeforeEach
    void observeSamples() {
        samples = folder.resolve("samples");
        data = folder.resolve("data");
        run("samples", samples.toString(), "--count", "40", "--seed", "5").expect(0);
        PicketProcess.Ended scan = run("scan", samples.toString(), "--data", data.toString(), "--json")
                .expect(0);
        assertTrue(scan.number("flagged") > 0, "nothing to find");
        assertEquals(0, scan.number("quarantined") + scan.number("purged"));
        row = findings().getFirst();
        object = samples.resolve(row.get(2));
        assertTrue(Files.exists(object), "observing removed it");
    }

    @Test
    void observedFindingIsQuarantinedWithNoRescanAndReleasedByteForByte() throws IOException {
        byte[] content = Files.readAllBytes(object);
        var modified = Files.getLastModifiedTime(object);
        with("findings", "enforce", "--action", "quarantine", row.getFirst()).expect(0);
        assertFalse(Files.exists(object), "not quarantined");
        assertEquals("QUARANTINED", state());
        with("release", row.getFirst()).expect(0);
        assertArrayEquals(content, Files.readAllBytes(object));
        assertEquals(modified, Files.getLastModifiedTime(object));
        assertEquals("RELEASED", state());
        // Allowed from now on: a scan that quarantines leaves it alone.
        run("scan", samples.toString(), "--data", data.toString(), "--mode", "quarantine", "--json")
                .expect(0);
        assertTrue(Files.exists(object), "allowed content was removed");
        with("verify").expect(0);
    }

    @Test
    void objectThatWasReplacedSinceTheScanIsNotRemoved() throws IOException {
        byte[] other = "another upload".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        Files.write(object, other);
        with("findings", "enforce", "--action", "purge", row.getFirst()).expect(1);
        assertArrayEquals(other, Files.readAllBytes(object));
        assertEquals("REFUSED", state());
        with("verify").expect(0);
    }

    @Test
    void objectOfTheSameSizeAndTimeWithOtherBytesIsNotRemoved() throws IOException {
        var modified = Files.getLastModifiedTime(object);
        byte[] other = Files.readAllBytes(object);
        other[other.length / 2] ^= 1;
        Files.write(object, other);
        Files.setLastModifiedTime(object, modified);
        with("findings", "enforce", "--action", "purge", row.getFirst()).expect(1);
        assertArrayEquals(other, Files.readAllBytes(object));
    }

    @Test
    void purgeIsForGoodAndAskedForByName() {
        run("findings", "enforce", "--data", data.toString(), row.getFirst()).expect(2);
        assertTrue(Files.exists(object), "removed without naming the action");
        with("findings", "enforce", "--action", "purge", row.getFirst()).expect(0);
        assertFalse(Files.exists(object), "not purged");
        assertEquals("PURGED", state());
    }

    @Test
    void findingWhoseQuorumIsNotReachedWaitsForAPerson() throws IOException {
        Path policy = Files.writeString(folder.resolve("two.textproto"), """
                id: "two"
                version: 1
                rule {
                  id: "lighthouse"
                  category: "test.lighthouse"
                  all { concept: "lighthouse" gte: 0.5 }
                  action: PURGE
                  quorum { verdicts: 2 operators: 2 }
                }
                fuses { site_flag_ratio: 1 }
                """);
        PicketProcess.Ended scan = run(
                        "scan",
                        samples.toString(),
                        "--data",
                        data.toString(),
                        "--policy",
                        policy.toString(),
                        "--mode",
                        "delete",
                        "--json")
                .expect(1);
        assertTrue(scan.number("held") > 0, "nothing is held");
        assertEquals(0, scan.number("purged") + scan.number("quarantined"));
        assertTrue(Files.exists(object), "removed on one verdict of two");
        assertEquals("HELD", state());
        with("findings", "enforce", "--action", "quarantine", row.getFirst()).expect(0);
        assertFalse(Files.exists(object), "not quarantined on a person's word");
    }

    private PicketProcess.Ended with(String... arguments) {
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--data";
        all[arguments.length + 1] = data.toString();
        return run(all);
    }

    private PicketProcess.Ended run(String... arguments) {
        return PicketProcess.run(folder, arguments);
    }

    private List<List<String>> findings() {
        return with("findings", "--csv")
                .expect(0)
                .out()
                .lines()
                .skip(1)
                .map(line -> List.of(line.split(",", -1)))
                .toList();
    }

    private String state() {
        return findings().stream()
                .filter(cells -> cells.getFirst().equals(row.getFirst()))
                .map(cells -> cells.get(cells.size() - 2))
                .findFirst()
                .orElseThrow();
    }
}
