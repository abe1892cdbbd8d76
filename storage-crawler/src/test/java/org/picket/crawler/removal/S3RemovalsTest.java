package org.picket.crawler.removal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.picket.crawler.source.ObjectReference;
import org.picket.crawler.source.PrivatePrefix;
import org.picket.crawler.source.S3Bucket;
import org.picket.crawler.source.S3Connection;
import org.picket.crawler.source.S3Server;
import org.picket.crawler.source.Scope;
import org.picket.proto.id.FindingId;
import org.picket.proto.id.OrderId;
import org.picket.proto.seal.Digest;
import org.picket.runtime.time.TimeSource;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;

/// Orders on three real servers: one that honours conditional deletes, one that ignores them, one with
/// versions.
class S3RemovalsTest {

    private static final String KEY = "ab/picture 1.jpg";
    private static final String CONTENT = "a harmless picture";
    private static final String OTHER = "another upload.....";

    @TempDir
    private Path base;

    private long orders;

    @ParameterizedTest
    @EnumSource
    void quarantineHidesAndReleaseRestores(S3Server.Kind kind) throws IOException {
        try (S3Connection site = S3Server.shared(kind).bucket("quarantine", "below/")) {
            S3Server.put(site, KEY, CONTENT);
            RemovalOrder quarantine = order(site, RemovalAction.QUARANTINE, Optional.empty());
            String where = PrivatePrefix.key(quarantine.orderId().toString());
            assertEquals(new Outcome.Quarantined(where, assurance(kind)), carryOut(site, quarantine));
            assertEquals(Optional.empty(), S3Server.get(site, KEY));
            assertEquals(Optional.of(CONTENT), S3Server.get(site, where));
            assertEquals(0, listed(site).size());
            assertInstanceOf(Outcome.AlreadyDone.class, carryOut(site, quarantine));

            S3Server.put(site, KEY, OTHER);
            assertEquals(
                    new Outcome.Refused(RefusalReason.OCCUPIED),
                    carryOut(site, order(site, RemovalAction.RELEASE, Optional.of(quarantine))));
            assertEquals(Optional.of(OTHER), S3Server.get(site, KEY));
            S3Server.delete(site, KEY);
            assertEquals(
                    new Outcome.Released(),
                    carryOut(site, order(site, RemovalAction.RELEASE, Optional.of(quarantine))));
            assertEquals(Optional.of(CONTENT), S3Server.get(site, KEY));
            assertEquals(Optional.empty(), S3Server.get(site, where));
        }
    }

    @ParameterizedTest
    @EnumSource(names = "HONOURS_CONDITIONS")
    void whatEverybodyMightReadEverybodyMayReadAgain(S3Server.Kind kind) {
        try (S3Connection site = S3Server.shared(kind).bucket("rights", "")) {
            for (boolean readByAll : List.of(true, false)) {
                S3Server.put(site, KEY, CONTENT, readByAll ? ObjectCannedACL.PUBLIC_READ : ObjectCannedACL.PRIVATE);
                RemovalOrder quarantine = order(site, RemovalAction.QUARANTINE, Optional.empty());
                assertInstanceOf(Outcome.Quarantined.class, carryOut(site, quarantine));
                S3Vault vault = new S3Vault(site, killSwitch());
                String where = PrivatePrefix.key(quarantine.placeName());
                assertFalse(vault.isReadByAll(
                        where, vault.find(where, Optional.empty()).orElseThrow()));
                assertEquals(
                        new Outcome.Released(),
                        carryOut(site, order(site, RemovalAction.RELEASE, Optional.of(quarantine))));
                assertEquals(
                        readByAll,
                        vault.isReadByAll(KEY, vault.find(KEY, Optional.empty()).orElseThrow()));
                S3Server.delete(site, KEY);
            }
        }
    }

    /// Its credentials were refused the question.
    @Test
    void aBucketWhoseVersionsAreNotToldOfIsLeftAlone() throws IOException {
        try (S3Connection told = S3Server.shared(S3Server.Kind.KEEPS_VERSIONS).bucket("untold", "");
                S3Connection untold = S3Server.unasked(told.location())) {
            S3Server.put(told, KEY, CONTENT);
            for (RemovalAction action : List.of(RemovalAction.QUARANTINE, RemovalAction.PURGE)) {
                Outcome.Failed failed = assertInstanceOf(
                        Outcome.Failed.class, carryOut(untold, order(untold, action, Optional.empty())));
                assertTrue(failed.retryable());
                assertTrue(failed.reason().contains("s3:GetBucketVersioning"), failed.reason());
                assertEquals(Optional.of(CONTENT), S3Server.get(told, KEY));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void purgeDeletesForGood(S3Server.Kind kind) throws IOException {
        try (S3Connection site = S3Server.shared(kind).bucket("purge", "")) {
            S3Server.put(site, KEY, CONTENT);
            RemovalOrder purge = order(site, RemovalAction.PURGE, Optional.empty());
            assertEquals(new Outcome.Purged(assurance(kind)), carryOut(site, purge));
            assertEquals(Optional.empty(), S3Server.get(site, KEY));
            assertNoVersions(site, kind);
            assertEquals(new Outcome.Gone(), carryOut(site, again(purge)));

            S3Server.put(site, KEY, CONTENT);
            RemovalOrder quarantine = order(site, RemovalAction.QUARANTINE, Optional.empty());
            carryOut(site, quarantine);
            RemovalOrder kept = order(site, RemovalAction.PURGE, Optional.of(quarantine));
            assertEquals(new Outcome.Purged(Outcome.Assurance.EXACT), carryOut(site, kept));
            assertEquals(Optional.empty(), S3Server.get(site, PrivatePrefix.key(quarantine.placeName())));
            assertNoVersions(site, kind);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReplacementIsNeverTouched(S3Server.Kind kind) throws IOException {
        try (S3Connection site = S3Server.shared(kind).bucket("replaced", "")) {
            for (RemovalAction action : List.of(RemovalAction.QUARANTINE, RemovalAction.PURGE)) {
                S3Server.put(site, KEY, CONTENT);
                RemovalOrder order = order(site, action, Optional.empty());
                S3Server.put(site, KEY, OTHER);
                Outcome outcome = carryOut(site, order);
                if (!kind.versioned()) {
                    assertEquals(new Outcome.Refused(RefusalReason.CHANGED), outcome);
                }
                assertEquals(Optional.of(OTHER), S3Server.get(site, KEY));
                RemovalOrder wrongHash = order(site, action, Optional.empty());
                assertEquals(new Outcome.Refused(RefusalReason.HASH_MISMATCH), carryOut(site, resized(wrongHash)));
                assertEquals(Optional.of(OTHER), S3Server.get(site, KEY));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReplacementBetweenAnyTwoStepsSurvives(S3Server.Kind kind) throws IOException {
        try (S3Connection site = S3Server.shared(kind).bucket("between", "")) {
            for (RemovalAction action : List.of(RemovalAction.QUARANTINE, RemovalAction.PURGE)) {
                int steps = action == RemovalAction.PURGE ? 7 : 9;
                for (int done = 0; done < steps; done++) {
                    S3Server.put(site, KEY, CONTENT);
                    RemovalOrder order = order(site, action, Optional.empty());
                    dieAfter(site, order, done);
                    S3Server.put(site, KEY, OTHER);
                    Outcome outcome = carryOut(site, order);
                    assertEquals(
                            Optional.of(OTHER), S3Server.get(site, KEY), action + " after " + done + ": " + outcome);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void anOrderCutShortAnywhereIsCompleted(S3Server.Kind kind) throws IOException {
        try (S3Connection site = S3Server.shared(kind).bucket("crash", "")) {
            for (int done = 0; done < 9; done++) {
                String message = kind + " dead after " + done;
                S3Server.put(site, KEY, CONTENT);
                RemovalOrder quarantine = order(site, RemovalAction.QUARANTINE, Optional.empty());
                dieAfter(site, quarantine, done);
                assertInstanceOf(Outcome.Quarantined.class, carryOut(site, quarantine), message);
                assertEquals(Optional.empty(), S3Server.get(site, KEY), message);
                RemovalOrder release = order(site, RemovalAction.RELEASE, Optional.of(quarantine));
                dieAfter(site, release, Math.min(done, 6));
                assertEquals(new Outcome.Released(), carryOut(site, release), message);
                assertEquals(Optional.of(CONTENT), S3Server.get(site, KEY), message);
                RemovalOrder purge = order(site, RemovalAction.PURGE, Optional.empty());
                dieAfter(site, purge, Math.min(done, 6));
                assertInstanceOf(Outcome.Purged.class, carryOut(site, purge), message);
                assertEquals(Optional.empty(), S3Server.get(site, KEY), message);
                assertNoVersions(site, kind);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = "KEEPS_VERSIONS")
    void anOlderVersionDoesNotComeToLight(S3Server.Kind kind) throws IOException {
        try (S3Connection site = S3Server.shared(kind).bucket("older", "")) {
            S3Server.put(site, KEY, "never scanned");
            S3Server.put(site, KEY, CONTENT);
            S3Server.put(site, KEY, CONTENT);
            carryOut(site, order(site, RemovalAction.PURGE, Optional.empty()));
            assertEquals(Optional.empty(), S3Server.get(site, KEY));
            assertEquals(0, listed(site).size());
            S3Vault vault = new S3Vault(site, killSwitch());
            assertEquals(
                    List.of("never scanned".length()),
                    vault.versions(KEY).stream()
                            .flatMap(version -> version.stored().stream())
                            .map(stored -> (int) stored.sizeBytes())
                            .toList());
        }
    }

    @ParameterizedTest
    @EnumSource(names = "KEEPS_VERSIONS", mode = EnumSource.Mode.EXCLUDE)
    void theProbeTellsServersApartAndLeavesNothing(S3Server.Kind kind) {
        try (S3Connection site = S3Server.shared(kind).bucket("probe", "")) {
            S3Vault vault = new S3Vault(site, killSwitch());
            assertEquals(kind == S3Server.Kind.HONOURS_CONDITIONS, vault.honoursConditionalDelete("probe"));
            assertFalse(vault.find(PrivatePrefix.key("probe"), Optional.empty()).isPresent());
        }
    }

    @ParameterizedTest
    @EnumSource(names = "HONOURS_CONDITIONS")
    void theKillSwitchStopsAnOrder(S3Server.Kind kind) throws IOException {
        try (S3Connection site = S3Server.shared(kind).bucket("stop", "")) {
            S3Server.put(site, KEY, CONTENT);
            RemovalOrder purge = order(site, RemovalAction.PURGE, Optional.empty());
            Files.createFile(base.resolve("STOP"));
            assertTrue(assertInstanceOf(Outcome.Failed.class, carryOut(site, purge))
                    .retryable());
            Files.delete(base.resolve("STOP"));
            assertInstanceOf(Outcome.Purged.class, carryOut(site, purge));
        }
    }

    @ParameterizedTest
    @EnumSource(names = "IGNORES_CONDITIONS", mode = EnumSource.Mode.EXCLUDE)
    void anOrderThatIsNotAllowedAnyMoreIsEndedOnlyWhereItTouchedItsObject(S3Server.Kind kind) throws IOException {
        try (S3Connection site = S3Server.shared(kind).bucket("withdrawn", "")) {
            for (RemovalAction action : List.of(RemovalAction.QUARANTINE, RemovalAction.PURGE)) {
                int steps = 9;
                int touched = 0;
                for (int first = 1; first < steps; first++) {
                    S3Server.put(site, KEY, CONTENT);
                    RemovalOrder order = order(site, action, Optional.empty());
                    dieAfter(site, order, Math.min(first, stepsOf(site, order) - 1));
                    boolean stands = S3Server.get(site, KEY).isPresent();
                    S3Procedure procedure = procedure(site);
                    SiteRules none = new SiteRules(Set.of(), 1, base.resolve("STOP"));
                    try (OrderDesk desk = new OrderDesk(none, killSwitch(), procedure, base.resolve("removals"))) {
                        assertEquals(stands, desk.withdraw(order), action + " dead after " + first);
                        Outcome outcome = desk.carryOut(order, FolderFixture.NOW);
                        assertEquals(
                                stands,
                                outcome.equals(new Outcome.Refused(RefusalReason.POLICY_FORBIDS)),
                                action + " " + first);
                        assertEquals(stands, S3Server.get(site, KEY).isPresent());
                        touched += stands ? 0 : 1;
                    }
                    if (stands) {
                        assertEquals(Optional.empty(), S3Server.get(site, PrivatePrefix.key(order.placeName())));
                        S3Server.delete(site, KEY);
                    }
                }
                assertTrue(touched > 0, action + " never touched its object");
            }
        }
    }

    @Test
    void aVersionBelowANewerUploadIsWithdrawnUntouched() throws IOException {
        try (S3Connection site = S3Server.shared(S3Server.Kind.KEEPS_VERSIONS).bucket("below", "")) {
            S3Server.put(site, KEY, CONTENT);
            RemovalOrder purge = order(site, RemovalAction.PURGE, Optional.empty());
            dieAfter(site, purge, 3);
            S3Server.put(site, KEY, OTHER);
            S3Procedure procedure = procedure(site);
            SiteRules none = new SiteRules(Set.of(), 1, base.resolve("STOP"));
            try (OrderDesk desk = new OrderDesk(none, killSwitch(), procedure, base.resolve("removals"))) {
                assertTrue(desk.withdraw(purge));
            }
            S3Vault vault = new S3Vault(site, killSwitch());
            assertTrue(vault.findOrdered(purge).isPresent());
            assertEquals(Optional.of(OTHER), S3Server.get(site, KEY));
        }
    }

    private int stepsOf(S3Connection site, RemovalOrder order) throws IOException {
        S3Procedure procedure = procedure(site);
        try (OrderDesk desk = new OrderDesk(rules(), killSwitch(), procedure, base.resolve("removals"))) {
            return procedure.steps(order, desk.record(order)).size();
        }
    }

    private S3Procedure procedure(S3Connection site) {
        return new S3Procedure(new S3Vault(site, killSwitch()), TimeSource.wall());
    }

    private KillSwitch killSwitch() {
        return new KillSwitch(base.resolve("STOP"));
    }

    private SiteRules rules() {
        return new SiteRules(EnumSet.allOf(RemovalAction.class), 1_000, base.resolve("STOP"));
    }

    private Outcome carryOut(S3Connection site, RemovalOrder order) {
        try (S3Removals removals = S3Removals.open(site, rules(), base.resolve("removals"))) {
            return removals.carryOut(order, FolderFixture.NOW);
        }
    }

    private void dieAfter(S3Connection site, RemovalOrder order, int steps) throws IOException {
        S3Procedure procedure = procedure(site);
        try (OrderDesk desk = new OrderDesk(rules(), killSwitch(), procedure, base.resolve("removals"))) {
            List<Step> all = procedure.steps(order, desk.record(order));
            Step.run(all.subList(0, steps), killSwitch());
        }
    }

    private static Outcome.Assurance assurance(S3Server.Kind kind) {
        return switch (kind) {
            case HONOURS_CONDITIONS, KEEPS_VERSIONS -> Outcome.Assurance.EXACT;
            case IGNORES_CONDITIONS -> Outcome.Assurance.RECHECKED;
        };
    }

    private static void assertNoVersions(S3Connection site, S3Server.Kind kind) throws IOException {
        if (kind.versioned()) {
            S3Vault vault = new S3Vault(site, new KillSwitch(Path.of("none")));
            assertEquals(
                    List.of(),
                    vault.versions(KEY).stream()
                            .filter(version -> version.stored().isPresent())
                            .toList());
        }
    }

    private static List<ObjectReference> listed(S3Connection site) {
        return new S3Bucket(site).list(Scope.ALL, Optional.empty(), 100).objects();
    }

    private RemovalOrder order(S3Connection site, RemovalAction action, Optional<RemovalOrder> quarantine) {
        String version = listed(site).stream()
                .filter(object -> object.key().equals(KEY))
                .map(ObjectReference::version)
                .findFirst()
                .orElse("none");
        return new RemovalOrder(
                new OrderId(new UUID(9, ++orders)),
                new FindingId(orders),
                action,
                KEY,
                version,
                Digest.of(CONTENT.getBytes(StandardCharsets.UTF_8)),
                CONTENT.length(),
                quarantine.map(RemovalOrder::orderId));
    }

    /// The same order under a new id.
    private RemovalOrder again(RemovalOrder order) {
        return new RemovalOrder(
                new OrderId(new UUID(9, ++orders)),
                order.findingId(),
                order.action(),
                order.key(),
                order.version(),
                order.sha256(),
                order.sizeBytes(),
                order.quarantinedBy());
    }

    /// As if something else of the same size had been ruled on.
    private RemovalOrder resized(RemovalOrder order) {
        return new RemovalOrder(
                new OrderId(new UUID(9, ++orders)),
                order.findingId(),
                order.action(),
                order.key(),
                order.version(),
                order.sha256(),
                OTHER.length(),
                order.quarantinedBy());
    }
}
