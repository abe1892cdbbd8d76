package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an administrator of a site does from another machine: brings back, removes, and imports lists. The
/// crawler beside the storage carries it out, and has the last word.
@Order(40)
@Tag("long")
class AdministratorIT {
    private static final Pattern SCANNED = Pattern.compile("\"complete\":true");
    private static final String SITE = "example.org";

    @TempDir
    private Path folder;

    private Collective collective;
    private Path samples;
    private Admin admin;

    @BeforeEach
    void begin() {
        samples = Admin.samples(folder, 40, 5);
        collective = new Collective(folder);
        collective.join("crawler", "crawler", SITE);
        collective.join("admin", "admin", SITE, "--life", "1h");
        collective.join("agent", "agent", "alice");
        admin = Admin.of(folder, "admin");
        collective.start("agent", "agent", "run", "--provider", "cpu");
    }

    @AfterEach
    void end() {
        collective.close();
    }

    @Test
    void quarantinedObjectIsBroughtBackFromElsewhereAndImportedListsCount() throws IOException {
        Map<String, String> before = FileTreeState.of(samples).live();
        PicketProcess crawler = crawler("--mode", "quarantine");
        crawler.awaitOutput(SCANNED);
        Admin.Row row = admin.findings().getFirst();
        assertEquals("QUARANTINED", row.state());
        assertFalse(Files.exists(samples.resolve(row.key())), "not quarantined");

        PicketProcess.Ended purge = enforce("purge", row.id()).expect(1);
        assertTrue(purge.out().contains("is QUARANTINED: PURGE REFUSED: the mode quarantine"), purge.out());
        // The crawler rests until the next scan, and carries orders out all the same.
        PicketProcess.Ended released = admin.run("release", row.id()).expect(0);
        assertTrue(released.out().contains("1 carried out"), released.out());
        assertEquals(before.get(row.key()), FileTreeState.of(samples).live().get(row.key()));
        assertEquals("RELEASED", state(row));
        PicketProcess.Ended again = enforce("quarantine", row.id());
        assertTrue(again.expect(1).err().contains("it is RELEASED"), again.err());

        String cleared = cleared();
        String hash = before.get(cleared);
        lists(hash);
        assertTrue(shown().contains("\"inForce\":1"), shown());
        crawler.stop();
        crawler("--mode", "quarantine", "--once").end().expect(0);
        assertTrue(Files.exists(samples.resolve(row.key())), "what was released was quarantined again");
        Admin.Row listed = admin.findings().stream()
                .filter(each -> each.rule().equals("list/sha256/1/drill"))
                .findFirst()
                .orElseThrow();
        assertEquals(List.of(cleared, "QUARANTINED"), List.of(listed.key(), listed.state()));
        admin.run("lists", "disable", hash).expect(0);
        assertTrue(shown().contains("\"inForce\":0"), shown());

        // Nobody is there to carry it out: it waits for who can.
        PicketProcess.Ended left =
                admin.run("release", listed.id(), "--wait", "1s").expect(1);
        assertTrue(left.out().contains("1 left") && left.out().contains("by itself"), left.out());
        crawler("--mode", "quarantine");
        assertEquals(
                1,
                admin.run("release", listed.id(), "--wait", "5m", "--json")
                        .expect(0)
                        .number("carriedOut"));
        assertEquals(before.get(cleared), FileTreeState.of(samples).live().get(cleared));
        collective.verify();
    }

    @Test
    void crawlerThatObservesRemovesOnAnAdministratorsWordOnlyWhereItsSiteSaysSo() {
        PicketProcess crawler = crawler();
        crawler.awaitOutput(SCANNED);
        Admin.Row row = admin.findings().getFirst();
        Path object = samples.resolve(row.key());
        PicketProcess.Ended refused = enforce("quarantine", row.id()).expect(1);
        assertTrue(refused.out().contains("REFUSED"), refused.out());
        assertTrue(refused.out().contains("--heed-administrators"), refused.out());
        assertTrue(Files.exists(object), "an observing crawler removed something");
        assertEquals("REFUSED", state(row));

        crawler.stop();
        assertTrue(
                enforce("quarantine", row.id(), "--wait", "0s").expect(1).out().contains("1 left"));
        crawler = crawler("--heed-administrators");
        PicketProcess.Ended done =
                enforce("quarantine", row.id(), "--wait", "5m", "--json").expect(0);
        assertEquals(List.of(1L, 0L), List.of(done.number("carriedOut"), done.number("left")));
        assertFalse(Files.exists(object), "not quarantined");
        admin.run("release", row.id()).expect(0);
        assertTrue(Files.exists(object), "not brought back");

        crawler.awaitOutput(SCANNED);
        List<Admin.Row> observed = admin.findings().stream()
                .filter(each -> each.state().equals("OBSERVED"))
                .toList();
        assertFalse(observed.isEmpty());
        PicketProcess.Ended all = enforce("purge", "--all", "--json").expect(0);
        assertEquals(observed.size(), all.number("carriedOut"));
        observed.forEach(each -> assertFalse(Files.exists(samples.resolve(each.key())), "not purged"));
        collective.verify();
    }

    private PicketProcess crawler(String... more) {
        return collective.start(
                "crawler",
                Stream.concat(Stream.of("crawler", "run", "--storage", samples.toString(), "--json"), Stream.of(more))
                        .toArray(String[]::new));
    }

    private PicketProcess.Ended enforce(String action, String... more) {
        return admin.run(Stream.concat(Stream.of("findings", "enforce", "--action", action), Stream.of(more))
                .toArray(String[]::new));
    }

    private String state(Admin.Row row) {
        return admin.findings().stream()
                .filter(each -> each.id().equals(row.id()))
                .map(Admin.Row::state)
                .findFirst()
                .orElseThrow();
    }

    /// An object in which nothing was found.
    private String cleared() {
        Set<String> found = admin.findings().stream().map(Admin.Row::key).collect(Collectors.toSet());
        return FileTreeState.of(samples).live().keySet().stream()
                .filter(key -> !found.contains(key) && !key.endsWith(".csv"))
                .findFirst()
                .orElseThrow();
    }

    private void lists(String hash) throws IOException {
        Path file = Files.writeString(folder.resolve("denied.txt"), hash + "\n");
        admin.run(
                        "lists",
                        "import",
                        file.toString(),
                        "--kind",
                        "deny",
                        "--type",
                        "sha256",
                        "--category",
                        "test.known",
                        "--source",
                        "drill")
                .expect(0);
        assertFalse(Files.exists(folder.resolve("admin").resolve("database")), "a list went into a database here");
    }

    private String shown() {
        return admin.run("lists", "show", "--json").expect(0).out();
    }
}
