package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.database.DatabaseSettings;

/// What an admin does with findings: enforce, release, purge; and what happens where the object is no longer
/// the one that was ruled on. One scan is enough: each test has a finding of its own.
@Order(5)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FindingLifeIT {
    private static final int SHARED_BUFFERS_MEBIBYTES = 32;

    private Path folder;
    private Admin admin;
    private Path samples;
    private Admin.Row row;
    private Path object;

    @BeforeAll
    void observeSamples(@TempDir Path temporary) {
        folder = temporary;
        admin = Admin.of(folder, "data");
        samples = Admin.samples(folder, 50, 5);
        PicketProcess.Ended scan =
                admin.run("scan", samples.toString(), "--json").expect(0);
        assertTrue(scan.number("flagged") > 0, "nothing to find");
        assertEquals(0, scan.number("quarantined") + scan.number("purged"));
    }

    @BeforeEach
    void chooseAFindingOfItsOwn() {
        row = admin.findings().stream()
                .filter(each -> each.state().equals("OBSERVED"))
                .findFirst()
                .orElseThrow();
        object = samples.resolve(row.key());
        assertTrue(Files.exists(object), "observing removed it");
    }

    /// The last one, since it has all the others quarantined.
    @Test
    @Order(Integer.MAX_VALUE)
    void observedFindingIsQuarantinedWithNoRescanAndReleasedByteForByte() throws IOException {
        byte[] content = Files.readAllBytes(object);
        var modified = Files.getLastModifiedTime(object);
        admin.run("findings", "enforce", "--action", "quarantine", row.id()).expect(0);
        assertFalse(Files.exists(object), "not quarantined");
        assertEquals("QUARANTINED", state());
        admin.run("release", row.id()).expect(0);
        assertArrayEquals(content, Files.readAllBytes(object));
        assertEquals(modified, Files.getLastModifiedTime(object));
        assertEquals("RELEASED", state());
        // Allowed from now on: a scan that quarantines the others leaves it alone. What other tests replaced is
        // INCONCLUSIVE by now, and is not ordered again.
        PicketProcess.Ended scan = admin.run("scan", samples.toString(), "--mode", "quarantine", "--json")
                .expect(0);
        assertTrue(scan.number("quarantined") > 0, "nothing is quarantined in that mode");
        assertTrue(Files.exists(object), "allowed content was removed");
        admin.run("verify").expect(0);

        // What the ledger tells another way is found by the same command.
        try (Database database = Database.open(new DatabaseSettings.Embedded(
                admin.data().resolve("database"), Path.of(PicketProgram.unpacked()), SHARED_BUFFERS_MEBIBYTES))) {
            database.jdbi()
                    .useHandle(handle -> handle.execute(
                            "UPDATE finding SET category = 'test.other' WHERE finding_id = ?",
                            Long.parseLong(row.id())));
        }
        PicketProcess.Ended verified = admin.run("verify").expect(1);
        assertTrue(verified.out().contains("BROKEN at entry "), verified.out());
    }

    @Test
    void objectThatWasReplacedSinceTheScanIsNotRemoved() throws IOException {
        byte[] other = "another upload".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        Files.write(object, other);
        admin.run("findings", "enforce", "--action", "purge", row.id()).expect(1);
        assertArrayEquals(other, Files.readAllBytes(object));
        assertEquals("REFUSED", state());
        admin.run("verify").expect(0);
    }

    @Test
    void objectOfTheSameSizeAndTimeWithOtherBytesIsNotRemoved() throws IOException {
        var modified = Files.getLastModifiedTime(object);
        byte[] other = Files.readAllBytes(object);
        other[other.length / 2] ^= 1;
        Files.write(object, other);
        Files.setLastModifiedTime(object, modified);
        admin.run("findings", "enforce", "--action", "purge", row.id()).expect(1);
        assertArrayEquals(other, Files.readAllBytes(object));
    }

    @Test
    void purgeIsForGoodAndAskedForByName() {
        admin.run("findings", "enforce", row.id()).expect(2);
        assertTrue(Files.exists(object), "removed without naming the action");
        admin.run("findings", "enforce", "--action", "purge", row.id()).expect(0);
        assertFalse(Files.exists(object), "not purged");
        assertEquals("PURGED", state());
    }

    @Test
    void findingWhoseQuorumIsNotReachedWaitsForAPerson() throws IOException {
        Admin other = Admin.of(folder, "data-of-two");
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
        PicketProcess.Ended scan = other.run(
                        "scan", samples.toString(), "--policy", policy.toString(), "--mode", "delete", "--json")
                .expect(1);
        assertTrue(scan.number("held") > 0, "nothing is held");
        assertEquals(0, scan.number("purged") + scan.number("quarantined"));
        // Other tests take the first ones.
        Admin.Row held = other.findings().getLast();
        assertEquals("HELD", held.state());
        assertTrue(Files.exists(samples.resolve(held.key())), "removed on one verdict of two");
        other.run("findings", "enforce", "--action", "quarantine", held.id()).expect(0);
        assertFalse(Files.exists(samples.resolve(held.key())), "not quarantined on a person's word");
    }

    private String state() {
        return admin.findings().stream()
                .filter(each -> each.id().equals(row.id()))
                .map(Admin.Row::state)
                .findFirst()
                .orElseThrow();
    }
}
