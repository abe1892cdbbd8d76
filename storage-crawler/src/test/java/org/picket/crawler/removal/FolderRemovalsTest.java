package org.picket.crawler.removal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.picket.crawler.source.Folder;
import org.picket.crawler.source.PrivatePrefix;
import org.picket.proto.seal.Digest;

class FolderRemovalsTest {

    private static final String KEY = "ab/cd/picture.jpg";
    private static final String CONTENT = "a harmless picture";

    @TempDir
    private Path base;

    private FolderFixture site;

    @BeforeEach
    void openSite() throws IOException {
        site = new FolderFixture(base);
    }

    @Test
    void quarantineHidesAndReleaseRestoresByteForByte() throws IOException {
        Path file = site.put(KEY, CONTENT);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-x--x"));
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2024-02-03T04:05:06.123456789Z")));
        String version = Folder.version(Files.readAttributes(file, PosixFileAttributes.class));
        RemovalOrder quarantine = order(RemovalAction.QUARANTINE);
        String where = PrivatePrefix.key(quarantine.orderId().toString());

        assertEquals(new Outcome.Quarantined(where, Outcome.Assurance.EXACT), site.carryOut(quarantine));
        assertFalse(Files.exists(file));
        assertEquals(CONTENT, Files.readString(site.root.resolve(where)));
        assertEquals("rw-------", mode(site.root.resolve(where)));
        assertEquals("rw-------", mode(site.root.resolve(where + ".sidecar")));
        assertEquals("rwx------", mode(site.root.resolve(PrivatePrefix.NAME)));

        Files.delete(file.getParent());
        assertEquals(new Outcome.Released(), site.carryOut(release(quarantine)));
        assertEquals(CONTENT, Files.readString(file));
        assertEquals("rw-r-x--x", mode(file));
        assertEquals(version, Folder.version(Files.readAttributes(file, PosixFileAttributes.class)));
        assertNothingKept();
    }

    @Test
    void purgeDeletesFromLiveStorageAndFromQuarantine() throws IOException {
        Path file = site.put(KEY, CONTENT);
        assertEquals(new Outcome.Purged(Outcome.Assurance.EXACT), site.carryOut(order(RemovalAction.PURGE)));
        assertFalse(Files.exists(file));
        assertNothingKept();

        site.put(KEY, CONTENT);
        RemovalOrder quarantine = order(RemovalAction.QUARANTINE);
        site.carryOut(quarantine);
        RemovalOrder purge = purgeKept(quarantine);
        assertEquals(new Outcome.Purged(Outcome.Assurance.EXACT), site.carryOut(purge));
        assertNothingKept();
    }

    @Test
    void theFirstOrdersOfAStorageMayComeAtOnce() throws Exception {
        for (int round = 0; round < 50; round++) {
            Path folder = Files.createDirectory(base.resolve("round-" + round));
            FolderFixture fresh = new FolderFixture(folder);
            List<RemovalOrder> orders = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                fresh.put("directory/" + i, CONTENT);
                orders.add(fresh.order(RemovalAction.QUARANTINE, "directory/" + i, CONTENT, Optional.empty()));
            }
            CyclicBarrier together = new CyclicBarrier(orders.size());
            try (OrderDesk desk = fresh.desk();
                    ExecutorService threads = Executors.newFixedThreadPool(orders.size())) {
                List<Future<Outcome>> outcomes = new ArrayList<>();
                for (RemovalOrder order : orders) {
                    outcomes.add(threads.submit(() -> {
                        together.await();
                        return desk.carryOut(order, FolderFixture.NOW);
                    }));
                }
                for (Future<Outcome> outcome : outcomes) {
                    assertInstanceOf(Outcome.Quarantined.class, outcome.get());
                }
            }
        }
    }

    @Test
    void anOrderIsCarriedOutOnceAndItsOutcomeKept() throws IOException {
        site.put(KEY, CONTENT);
        RemovalOrder order = order(RemovalAction.PURGE);
        Outcome first = site.carryOut(order);
        site.put(KEY, CONTENT);
        assertEquals(new Outcome.AlreadyDone(first), site.carryOut(order));
        assertTrue(Files.exists(site.root.resolve(KEY)));
        RemovalOrder reused = new RemovalOrder(
                order.orderId(),
                order.findingId(),
                order.action(),
                "other",
                order.version(),
                order.sha256(),
                order.sizeBytes(),
                Optional.empty());
        assertEquals(new Outcome.Refused(RefusalReason.ORDER_REUSED), site.carryOut(reused));
    }

    @Test
    void whatIsNotWhatWasScannedIsNotTouched() throws IOException {
        Path file = site.put(KEY, CONTENT);
        RemovalOrder order = order(RemovalAction.PURGE);
        Files.setLastModifiedTime(file, FileTime.from(FolderFixture.NOW));
        assertEquals(new Outcome.Refused(RefusalReason.CHANGED), site.carryOut(order));

        RemovalOrder otherContent = site.order(RemovalAction.PURGE, KEY, "A harmless picture", Optional.empty());
        assertEquals(new Outcome.Refused(RefusalReason.HASH_MISMATCH), site.carryOut(otherContent));

        Path later = site.put("later", CONTENT);
        String version = Folder.version(Files.readAttributes(later, PosixFileAttributes.class));
        RemovalOrder unlisted = site.order(RemovalAction.PURGE, "later", version, CONTENT, Optional.empty());
        assertEquals(new Outcome.Refused(RefusalReason.NOT_LISTED), site.carryOut(unlisted));

        RemovalOrder absent = site.order(RemovalAction.PURGE, "absent", "0-0-0", CONTENT, Optional.empty());
        assertEquals(new Outcome.Gone(), site.carryOut(absent));
        assertEquals(CONTENT, Files.readString(file));
        assertEquals(CONTENT, Files.readString(later));
    }

    @Test
    void whatABareFolderDoesNotHoldIsNotGone() throws IOException {
        Path file = site.put("picture.jpg", CONTENT);
        RemovalOrder order = site.order(RemovalAction.QUARANTINE, "picture.jpg", CONTENT, Optional.empty());
        Files.delete(file);
        try (FolderRemovals removals = site.removals()) {
            assertTrue(assertInstanceOf(Outcome.Failed.class, removals.carryOut(order, FolderFixture.NOW))
                    .retryable());
            Files.createDirectory(site.root.resolve("emptied on purpose"));
            assertEquals(new Outcome.Gone(), removals.carryOut(order, FolderFixture.NOW));
        }
    }

    @Test
    void whatLiesInAFolderThatIsAwayIsNotWithdrawn() throws IOException {
        site.put(KEY, CONTENT);
        RemovalOrder order = order(RemovalAction.QUARANTINE);
        site.dieAfter(order, 4);
        Path aside = base.resolve("aside");
        try (FolderRemovals removals = site.removals()) {
            Files.move(site.root, aside);
            assertFalse(removals.withdraw(order));
            Files.createDirectory(site.root);
            assertFalse(removals.withdraw(order));
            assertTrue(assertInstanceOf(Outcome.Failed.class, removals.carryOut(order, FolderFixture.NOW))
                    .retryable());
        }
    }

    @Test
    void nothingOutsideTheFolderIsTouched() throws IOException {
        Path outside = Files.createDirectory(base.resolve("outside"));
        Path victim = Files.writeString(outside.resolve("picture.jpg"), CONTENT);
        String version = Folder.version(Files.readAttributes(victim, PosixFileAttributes.class));
        Files.createSymbolicLink(site.root.resolve("way"), outside);
        Files.createSymbolicLink(site.root.resolve("direct"), victim);
        for (String key :
                new String[] {"way/picture.jpg", "direct", "../outside/picture.jpg", PrivatePrefix.key("x")}) {
            RemovalOrder order = site.order(RemovalAction.PURGE, key, version, CONTENT, Optional.empty());
            assertEquals(new Outcome.Refused(RefusalReason.OUTSIDE_STORAGE), site.carryOut(order), key);
        }
        assertEquals(CONTENT, Files.readString(victim));
    }

    @Test
    void releaseNeverOverwrites() throws IOException {
        site.put(KEY, CONTENT);
        RemovalOrder quarantine = order(RemovalAction.QUARANTINE);
        site.carryOut(quarantine);
        Path fresh = site.put(KEY, "somebody else's");
        assertEquals(new Outcome.Refused(RefusalReason.OCCUPIED), site.carryOut(release(quarantine)));
        assertEquals("somebody else's", Files.readString(fresh));
        Files.delete(fresh);
        assertEquals(new Outcome.Released(), site.carryOut(release(quarantine)));
        assertEquals(new Outcome.Gone(), site.carryOut(release(quarantine)));
    }

    @Test
    void aQuarantinedFileThatWasTamperedWithIsNeitherReleasedNorPurged() throws IOException {
        site.put(KEY, CONTENT);
        RemovalOrder quarantine = order(RemovalAction.QUARANTINE);
        site.carryOut(quarantine);
        Files.writeString(site.root.resolve(PrivatePrefix.key(quarantine.placeName())), "A harmless picture");
        assertEquals(new Outcome.Refused(RefusalReason.HASH_MISMATCH), site.carryOut(release(quarantine)));
        assertEquals(new Outcome.Refused(RefusalReason.HASH_MISMATCH), site.carryOut(purgeKept(quarantine)));
    }

    /// Of another user's file neither may be set; the time of the last change of attributes tells whether it was tried.
    @Test
    void whatAKeptFileStillHasIsNotGivenBackToIt() throws IOException {
        Path kept = site.put(PrivatePrefix.NAME + "/name", CONTENT);
        Files.setPosixFilePermissions(kept, PosixFilePermissions.fromString("rw-rw-r--"));
        PosixFileAttributes attributes = Files.readAttributes(kept, PosixFileAttributes.class);
        Object changed = Files.getAttribute(kept, "unix:ctime");
        Custody custody = new Custody(site.root, new KillSwitch(site.stop));
        custody.restore(
                "name", sidecar("rw-rw-r--", attributes.lastModifiedTime().toInstant()));
        assertEquals(changed, Files.getAttribute(kept, "unix:ctime"));
        custody.restore("name", sidecar("rw-r--r--", Instant.parse("2024-02-03T04:05:06Z")));
        assertEquals("rw-r--r--", mode(kept));
        assertEquals(
                Instant.parse("2024-02-03T04:05:06Z"),
                Files.getLastModifiedTime(kept).toInstant());
    }

    private static Sidecar sidecar(String mode, Instant modified) {
        return new Sidecar("name", "1", KEY, Digest.of(CONTENT.getBytes()), CONTENT.length(), mode, modified);
    }

    @Test
    void theSitesRulesDecide() throws IOException {
        site.put(KEY, CONTENT);
        RemovalOrder order = order(RemovalAction.PURGE);
        SiteRules reversibleOnly = new SiteRules(Set.of(RemovalAction.QUARANTINE, RemovalAction.RELEASE), 1, site.stop);
        try (OrderDesk desk = site.desk(reversibleOnly)) {
            assertEquals(new Outcome.Refused(RefusalReason.POLICY_FORBIDS), desk.carryOut(order, FolderFixture.NOW));
        }
        assertEquals(new Outcome.Purged(Outcome.Assurance.EXACT), site.carryOut(order));
    }

    @Test
    void theKillSwitchStopsAtAnyStepAndNothingIsHalfDone() throws IOException {
        site.put(KEY, CONTENT);
        RemovalOrder order = order(RemovalAction.PURGE);
        int steps = site.steps(order).size();
        for (int done = 0; done < steps - 1; done++) {
            site.dieAfter(order, done);
            Files.createFile(site.stop);
            Outcome.Failed stopped = assertInstanceOf(Outcome.Failed.class, site.carryOut(order));
            assertTrue(stopped.retryable());
            Files.delete(site.stop);
        }
        assertEquals(new Outcome.Purged(Outcome.Assurance.EXACT), site.carryOut(order));
        assertNothingKept();
    }

    @Test
    void theKillSwitchHoldsAlsoWhatIsNotAllowedAnyMore() throws IOException {
        site.put(KEY, CONTENT);
        RemovalOrder order = order(RemovalAction.QUARANTINE);
        site.dieAfter(order, 3);
        Files.createFile(site.stop);
        try (OrderDesk desk = site.desk(new SiteRules(Set.of(), 1, site.stop))) {
            assertFalse(desk.withdraw(order));
            Outcome.Failed stopped = assertInstanceOf(Outcome.Failed.class, desk.carryOut(order, FolderFixture.NOW));
            assertTrue(stopped.retryable());
            assertTrue(stopped.reason().contains("Removals are stopped"), stopped.reason());
            Files.delete(site.stop);
            assertTrue(desk.withdraw(order));
        }
        assertTrue(Files.exists(site.root.resolve(KEY)));
        assertNothingKept();
    }

    @Test
    void purgesAreLimitedByTheHourAlsoAcrossRestarts() throws IOException {
        for (int i = 0; i < 4; i++) {
            site.put("p" + i, CONTENT);
        }
        for (int i = 0; i < 4; i++) {
            RemovalOrder order = site.order(RemovalAction.PURGE, "p" + i, CONTENT, Optional.empty());
            try (OrderDesk desk = site.desk(site.rules(2))) {
                Outcome outcome = desk.carryOut(order, FolderFixture.NOW.plusSeconds(i));
                if (i < 2) {
                    assertInstanceOf(Outcome.Purged.class, outcome);
                } else {
                    assertTrue(assertInstanceOf(Outcome.Failed.class, outcome).retryable());
                    Instant later =
                            FolderFixture.NOW.plus(Duration.ofHours(i - 1)).plusSeconds(i);
                    assertInstanceOf(Outcome.Purged.class, desk.carryOut(order, later));
                }
            }
        }
    }

    @Test
    void purgesUnderAHigherLimitCountUnderALowerOne() throws IOException {
        assertInstanceOf(Outcome.Purged.class, purge(2, 0));
        assertInstanceOf(Outcome.Purged.class, purge(2, 1));
        assertInstanceOf(Outcome.Purged.class, purge(4, 90));
        assertInstanceOf(Outcome.Purged.class, purge(4, 91));
        assertInstanceOf(Outcome.Failed.class, purge(2, 92));
        assertInstanceOf(Outcome.Purged.class, purge(3, 93));
        assertInstanceOf(Outcome.Failed.class, purge(3, 94));
    }

    private Outcome purge(int perHour, int minute) throws IOException {
        String key = "at-" + minute;
        site.put(key, CONTENT);
        RemovalOrder order = site.order(RemovalAction.PURGE, key, CONTENT, Optional.empty());
        try (OrderDesk desk = site.desk(site.rules(perHour))) {
            return desk.carryOut(order, FolderFixture.NOW.plus(Duration.ofMinutes(minute)));
        }
    }

    private RemovalOrder order(RemovalAction action) {
        return site.order(action, KEY, CONTENT, Optional.empty());
    }

    private RemovalOrder release(RemovalOrder quarantine) {
        return site.order(RemovalAction.RELEASE, KEY, quarantine.version(), CONTENT, Optional.of(quarantine));
    }

    private RemovalOrder purgeKept(RemovalOrder quarantine) {
        return site.order(RemovalAction.PURGE, KEY, quarantine.version(), CONTENT, Optional.of(quarantine));
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private void assertNothingKept() throws IOException {
        try (var kept = Files.list(site.root.resolve(PrivatePrefix.NAME))) {
            assertEquals(0, kept.count());
        }
    }
}
