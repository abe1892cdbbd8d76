package org.picket.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.picket.crawler.order.SitePolicy;
import org.picket.proto.circle.Circle;
import org.picket.proto.v1.Mode;
import org.picket.runtime.config.ConfigKey;

class AskedStoragesTest {
    @TempDir
    private Path folder;

    private String first;
    private String second;
    private final Map<String, String> process = new HashMap<>();

    @BeforeEach
    void folders() throws IOException {
        // As the identity has it, where the system's own folder for such things is behind a link.
        folder = folder.toRealPath();
        first = Files.createDirectory(folder.resolve("first")).toString();
        second = Files.createDirectory(folder.resolve("second")).toString();
    }

    private Path part(String name, String... lines) throws IOException {
        return Files.write(folder.resolve(name), List.of(lines));
    }

    private void parts(Path... files) {
        process.put(
                Keys.STORAGE_FILES.name(),
                Stream.of(files).map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
    }

    private List<AskedStorage> asked(String... flags) {
        return asked(false, flags);
    }

    private List<AskedStorage> asked(boolean once, String... flags) {
        FaultList faults = new FaultList();
        List<AskedStorage> asked = AskedStorages.of(SettingTest.configuration(process), List.of(flags), once, faults);
        faults.orThrow();
        return asked;
    }

    private String fault(String... flags) {
        return assertThrows(UsageFault.class, () -> asked(flags)).getMessage();
    }

    private static List<String> sources(List<AskedStorage> asked) {
        return asked.stream().map(AskedStorage::source).toList();
    }

    @Test
    void storagesOfFlagsHaveTheProcesssSettings() {
        process.putAll(Map.of("scan.mode", "quarantine", "crawler.circle", "own", "crawler.storage", "/not/this"));
        List<AskedStorage> asked = asked(first, second);
        assertEquals(List.of(first, second), sources(asked));
        for (AskedStorage one : asked) {
            assertEquals("folder:" + one.source(), one.identity());
            assertEquals(ScanMode.QUARANTINE, one.mode());
            assertEquals(Optional.of(Circle.parse(List.of("own"))), one.circle());
            assertEquals(Duration.ofHours(1), one.every());
        }
        assertTrue(asked.getFirst().declared() == asked.getLast().declared(), "the same bundle was opened twice");
    }

    @Test
    void storageMayBeASettingOfTheProcess() {
        process.put("crawler.storage", first);
        assertEquals(List.of(first), sources(asked()));
    }

    @Test
    void fileHasWhatIsTheStoragesOwnAndTheProcessTheRest() throws IOException {
        process.putAll(Map.of(
                "scan.mode", "observe",
                "crawler.circle", "own",
                "crawler.every", "2h",
                "crawler.read-bandwidth", "5MB",
                "crawler.send-bandwidth", "2MB",
                "crawler.decoders", "3"));
        parts(part(
                "b.conf",
                "crawler.storage = " + second,
                "scan.mode = quarantine",
                "scan.since = 36h",
                "crawler.circle = everyone",
                "crawler.every = 5m",
                "crawler.calls-per-second = 7",
                "crawler.purges-per-hour = 9",
                "crawler.heed-administrators = true"));
        List<AskedStorage> asked = asked(first);
        assertEquals(List.of(first, second), sources(asked));
        AskedStorage plain = asked.getFirst();
        AskedStorage own = asked.getLast();
        assertEquals(SitePolicy.of(Mode.OBSERVE), plain.policy());
        assertEquals(SitePolicy.of(Mode.QUARANTINE_FLAGGED).heedingAdministrators(), own.policy());
        assertEquals(Optional.of(Circle.parse(List.of("own"))), plain.circle());
        assertEquals(Optional.of(Circle.EVERYONE), own.circle());
        assertEquals(List.of(Duration.ofHours(2), Duration.ofMinutes(5)), List.of(plain.every(), own.every()));
        assertEquals(Optional.of(Duration.ofHours(36)), own.setting().since());
        assertEquals(Optional.empty(), plain.setting().since());
        assertEquals(
                new CrawlerBounds(Optional.of(7), Optional.of(5_000_000L), Optional.of(2_000_000L), Optional.of(9)),
                own.setting().site());
        assertEquals(3, own.setting().decoders());
    }

    @Test
    void bucketsHaveServersOfTheirOwn() throws IOException {
        process.put("s3.endpoint", "https://one.example.org");
        parts(part("b.conf", "crawler.storage = s3://media/", "s3.endpoint = https://two.example.org"));
        assertEquals(
                List.of("s3:one.example.org/media/", "s3:two.example.org/media/"),
                asked("s3://media").stream().map(AskedStorage::identity).toList());
    }

    @Test
    void aBucketWhoseServerIsNamedInTwoWaysIsOneStorage() throws IOException {
        process.put("s3.endpoint", "https://one.example.org");
        parts(part("b.conf", "crawler.storage = s3://media/", "s3.endpoint = https://One.example.org:443/"));
        String fault = fault("s3://media");
        assertTrue(fault.contains("name the same storage, s3:one.example.org/media/"), fault);
    }

    @Test
    void whatIsTheWholeProcesssIsNoStoragesOwn() throws IOException {
        List<String> lines = new ArrayList<>(List.of("crawler.storage = " + first));
        Keys.OF_PROCESS.forEach(key -> lines.add(key.name() + " = whatever"));
        parts(part("b.conf", lines.toArray(String[]::new)));
        String fault = fault();
        for (ConfigKey<?> key : Keys.OF_PROCESS) {
            assertTrue(
                    fault.contains(
                            key.name() + " (file " + folder.resolve("b.conf") + "): holds for the whole process"),
                    () -> key.name() + " in " + fault);
        }
        Set<ConfigKey<?>> both = new HashSet<>(Keys.OF_STORAGE);
        both.addAll(Keys.OF_PROCESS);
        assertEquals(new HashSet<>(Keys.ALL), both);
        for (String name :
                List.of("crawler.listen", "crawler.views", "metrics.address", "data.dir", "crawler.decoders")) {
            assertTrue(Keys.OF_PROCESS.stream().anyMatch(key -> key.name().equals(name)), name);
        }
    }

    @Test
    void allThatIsWrongWithAnyOfThemIsToldAtOnce() throws IOException {
        process.put("scan.policy", folder.resolve("no.policy").toString());
        parts(
                part("a.conf", "crawler.storage = " + second, "scan.colour = red"),
                part("b.conf", "scan.mode = observe"),
                part("c.conf", "crawler.storage = " + second, "scan.mode = sometimes"),
                part("d.conf", "crawler.storage = ftp://host/folder"),
                folder.resolve("e.conf"));
        String fault = fault(first);
        for (String part : List.of(
                "scan.colour (file " + folder.resolve("a.conf") + "): there is no such setting",
                folder.resolve("b.conf") + " names no storage",
                "scan.mode (file " + folder.resolve("c.conf") + "): \"sometimes\"",
                folder.resolve("d.conf") + ": The source ftp://",
                "file " + folder.resolve("e.conf") + ": cannot be read",
                "no.policy")) {
            assertTrue(fault.contains(part), () -> part + " in " + fault);
        }
    }

    @Test
    void sameStorageTwiceOrOneInsideAnotherIsAFault() throws IOException {
        Path inner = Files.createDirectory(Path.of(first).resolve("inner"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of(second));
        parts(part("b.conf", "crawler.storage = " + second));
        String fault =
                fault(first, inner.toString(), link.toString(), "s3://media/a/b", "s3://media/a", "s3://media/ab");
        assertTrue(
                fault.contains("--storage " + link + " and " + folder.resolve("b.conf")
                        + " name the same storage, folder:" + second),
                fault);
        assertTrue(fault.contains("folder:" + inner + " (--storage " + inner + ") lies inside the storage"), fault);
        assertTrue(fault.contains("s3:amazonaws.com/media/a/b/ (--storage s3://media/a/b) lies inside"), fault);
        assertEquals(3, fault.lines().count(), fault);
        assertEquals(
                List.of(first, first + "-more"),
                sources(asked(first, alsoThere(first + "-more"))).subList(0, 2));
    }

    private static String alsoThere(String path) throws IOException {
        return Files.createDirectory(Path.of(path)).toString();
    }

    @Test
    void someStorageIsNamedAndNoMoreThanACrawlerCanServe() {
        assertTrue(fault().contains("no storage is named"));
        String[] many = IntStream.rangeClosed(0, AskedStorages.MOST)
                .mapToObj(i -> "s3://media/" + i)
                .toArray(String[]::new);
        assertTrue(fault(many).startsWith("65 storages are named"));
    }

    /// A volume that is not mounted is no reason for the others to wait; nor is it taken for one where all are.
    @Test
    void folderThatIsNotThereIsAFaultWhereNothingElseIsServedOrSomebodyWaits() {
        String gone = folder.resolve("gone").toString();
        assertTrue(fault(gone).contains("is no folder"));
        assertTrue(fault(gone, gone + "2").contains(gone + "2 is no folder"));
        assertEquals(List.of(first, gone), sources(asked(first, gone)));
        assertTrue(assertThrows(UsageFault.class, () -> asked(true, first, gone))
                .getMessage()
                .contains("is no folder"));
        assertFalse(Files.exists(Path.of(gone)));
    }
}
