package org.picket.crawler.removal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.picket.crawler.source.PrivatePrefix;

/// The process dies after each step, or the storage changes between any two.
class FolderCrashTest {

    private static final String KEY = "ab/picture.jpg";
    private static final String CONTENT = "a harmless picture";
    private static final String OTHER = "another upload.....";

    @TempDir
    private Path base;

    /// What is asked for, and on which object.
    private enum Case {
        QUARANTINE,
        RELEASE,
        PURGE_LIVE,
        PURGE_KEPT
    }

    static Stream<Case> cases() {
        return Stream.of(Case.values());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void anOrderCutShortAnywhereEndsAsIfItHadNotBeen(Case what) throws IOException {
        FolderFixture undisturbed = fixture();
        RemovalOrder once = prepare(undisturbed, what);
        Outcome expected = undisturbed.carryOut(once);
        Map<String, String> state = relative(undisturbed);
        int steps = undisturbed.steps(once).size();
        for (int first = 0; first <= steps; first++) {
            for (int second = 0; second <= steps; second += 5) {
                FolderFixture site = fixture();
                RemovalOrder order = prepare(site, what);
                site.dieAfter(order, first);
                site.dieAfter(order, second);
                assertEquals(expected.getClass(), site.carryOut(order).getClass(), what + " dead after " + first);
                assertEquals(
                        state.values().stream().toList(),
                        relative(site).values().stream().toList());
                assertInstanceOf(Outcome.AlreadyDone.class, site.carryOut(order));
            }
        }
    }

    /// As where a killed scan that removed is followed by one that only observes: what stands at its place stays there,
    /// and of what does not, the truth is told.
    @ParameterizedTest
    @MethodSource("cases")
    void anOrderThatIsNotAllowedAnyMoreIsEndedOnlyWhereItTouchedItsObject(Case what) throws IOException {
        FolderFixture undisturbed = fixture();
        RemovalOrder once = prepare(undisturbed, what);
        Outcome expected = undisturbed.carryOut(once);
        Map<String, String> state = relative(undisturbed);
        int steps = undisturbed.steps(once).size();
        int touched = 0;
        for (int first = 0; first <= steps; first++) {
            FolderFixture site = fixture();
            RemovalOrder order = prepare(site, what);
            boolean stood = Files.exists(site.root.resolve(KEY));
            site.dieAfter(order, first);
            boolean stands = Files.exists(site.root.resolve(KEY));
            try (OrderDesk desk = site.desk(new SiteRules(Set.of(), 1, site.stop))) {
                if (desk.withdraw(order)) {
                    assertEquals(stood, stands, what + " dead after " + first);
                    assertEquals(
                            new Outcome.Refused(RefusalReason.POLICY_FORBIDS), desk.carryOut(order, FolderFixture.NOW));
                    assertEquals(stood, Files.exists(site.root.resolve(KEY)));
                    assertEquals(what == Case.QUARANTINE || what == Case.PURGE_LIVE, nothingKept(site));
                } else {
                    touched++;
                    assertEquals(
                            expected.getClass(),
                            desk.carryOut(order, FolderFixture.NOW).getClass());
                    assertEquals(
                            state.values().stream().toList(),
                            relative(site).values().stream().toList());
                }
            }
        }
        assertTrue(touched > 0 && touched < steps - 1, touched + " of " + steps);
    }

    private static boolean nothingKept(FolderFixture site) throws IOException {
        Path kept = site.root.resolve(PrivatePrefix.NAME);
        if (!Files.exists(kept)) {
            return true;
        }
        try (var files = Files.list(kept)) {
            return files.findAny().isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whatIsPutAtTheKeyMeanwhileSurvives(Case what) throws IOException {
        FolderFixture counting = fixture();
        RemovalOrder counted = prepare(counting, what);
        int steps = counting.steps(counted).size();
        for (int done = 0; done < steps; done++) {
            FolderFixture site = fixture();
            RemovalOrder order = prepare(site, what);
            if (site.dieAfter(order, done).isPresent()) {
                break;
            }
            Path live = site.root.resolve(KEY);
            Path fresh = Files.writeString(site.base.resolve("upload"), OTHER);
            Files.createDirectories(live.getParent());
            Files.move(fresh, live, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            Outcome outcome = restOf(site, order, done);
            assertEquals(OTHER, Files.readString(live), what + " replaced after " + done + ": " + outcome);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aDirectoryThatBecomesALinkLeadsNowhere(Case what) throws IOException {
        FolderFixture counting = fixture();
        int steps = counting.steps(prepare(counting, what)).size();
        for (int done = 0; done < steps; done++) {
            FolderFixture site = fixture();
            RemovalOrder order = prepare(site, what);
            Path outside = Files.createDirectory(site.base.resolve("outside"));
            Path victim = Files.writeString(outside.resolve("picture.jpg"), CONTENT);
            if (site.dieAfter(order, done).isPresent()) {
                break;
            }
            Path directory = site.root.resolve("ab");
            Files.move(directory, site.base.resolve("aside"));
            Files.createSymbolicLink(directory, outside);
            restOf(site, order, done);
            site.carryOut(order);
            assertEquals(CONTENT, Files.readString(victim), what + " after " + done);
            try (var files = Files.list(outside)) {
                assertEquals(1, files.count());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aDirectoryPutAtTheKeyStays(Case what) throws IOException {
        for (int done = 0; done < 4; done++) {
            FolderFixture site = fixture();
            RemovalOrder order = prepare(site, what);
            site.dieAfter(order, done);
            Path live = site.root.resolve(KEY);
            Files.deleteIfExists(live);
            Files.createDirectory(live);
            Files.writeString(live.resolve("inside"), OTHER);
            restOf(site, order, done);
            assertTrue(Files.exists(live.resolve("inside")), what + " after " + done);
        }
    }

    /// Goes on with the steps after `done`, as the living process would have.
    private static Outcome restOf(FolderFixture site, RemovalOrder order, int done) throws IOException {
        try (OrderDesk desk = site.desk()) {
            var steps = site.procedure().steps(order, desk.record(order));
            return Step.run(steps.subList(done, steps.size()), new KillSwitch(site.stop))
                    .orElseThrow();
        } catch (IOException e) {
            return new Outcome.Failed(e.getClass().getSimpleName(), true);
        }
    }

    private FolderFixture fixture() throws IOException {
        return new FolderFixture(
                Files.createDirectory(base.resolve(UUID.randomUUID().toString())));
    }

    private static RemovalOrder prepare(FolderFixture site, Case what) throws IOException {
        site.put(KEY, CONTENT);
        return switch (what) {
            case QUARANTINE -> site.order(RemovalAction.QUARANTINE, KEY, CONTENT, Optional.empty());
            case PURGE_LIVE -> site.order(RemovalAction.PURGE, KEY, CONTENT, Optional.empty());
            case RELEASE -> site.order(RemovalAction.RELEASE, KEY, "0-0-0", CONTENT, quarantined(site));
            case PURGE_KEPT -> site.order(RemovalAction.PURGE, KEY, "0-0-0", CONTENT, quarantined(site));
        };
    }

    private static Optional<RemovalOrder> quarantined(FolderFixture site) throws IOException {
        RemovalOrder quarantine = site.order(RemovalAction.QUARANTINE, KEY, CONTENT, Optional.empty());
        assertInstanceOf(Outcome.Quarantined.class, site.carryOut(quarantine));
        return Optional.of(quarantine);
    }

    /// The state with paths below the base; sidecars without their random parts are left to the other tests.
    private static Map<String, String> relative(FolderFixture site) throws IOException {
        Map<String, String> state = new java.util.TreeMap<>();
        site.state().forEach((path, content) -> {
            String below = path.substring(site.base.toString().length());
            if (!below.endsWith(".sidecar")) {
                state.put(below.contains(PrivatePrefix.NAME) ? "kept" : below, content);
            }
        });
        return state;
    }
}
