package org.picket.coordinator.progress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.picket.coordinator.removal.RemovalFixture.flagged;
import static org.picket.coordinator.removal.RemovalFixture.object;
import static org.picket.coordinator.removal.RemovalFixture.rulings;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.picket.coordinator.database.TestDatabase;
import org.picket.coordinator.finding.InconclusiveObject;
import org.picket.coordinator.ledger.Checkpoint;
import org.picket.coordinator.policy.Action;
import org.picket.coordinator.policy.Policy;
import org.picket.coordinator.removal.RemovalFixture;
import org.picket.proto.circle.Circle;
import org.picket.proto.id.StorageId;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.EnforceModeRequest;
import org.picket.proto.v1.EnforceModeResponse;
import org.picket.proto.v1.EnforceRequest;
import org.picket.proto.v1.ExportLedgerRequest;
import org.picket.proto.v1.Finding;
import org.picket.proto.v1.FindingsGrpc;
import org.picket.proto.v1.InconclusiveReason;
import org.picket.proto.v1.LedgerBody;
import org.picket.proto.v1.LedgerGrpc;
import org.picket.proto.v1.LedgerMessage;
import org.picket.proto.v1.ListFindingsRequest;
import org.picket.proto.v1.ListStoragesRequest;
import org.picket.proto.v1.Mode;
import org.picket.proto.v1.PullOrdersRequest;
import org.picket.proto.v1.ReceiptStatement.Outcome;
import org.picket.proto.v1.RegisterStorageResponse;
import org.picket.proto.v1.ReleaseRequest;
import org.picket.proto.v1.RemovalAction;
import org.picket.proto.v1.RemovalsGrpc;
import org.picket.proto.v1.ScanProgress;
import org.picket.proto.v1.Sealed;
import org.picket.proto.v1.SitesGrpc;
import org.picket.proto.v1.WatchScanRequest;

/// The services for administrators and crawlers, called as they are called in a process.
class ServicesIT {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private ServicesFixture services;

    @BeforeEach
    void serve() {
        services = new ServicesFixture(DATABASE.database());
    }

    @AfterEach
    void stop() {
        services.close();
    }

    @Test
    void registeringAgainKeepsTheStorageAndTellsTheLedgerOnce() {
        RegisterStorageResponse first = services.register(Mode.OBSERVE, Policy.standInText());
        long size = services.checkpointSize();
        RegisterStorageResponse same = services.register(Mode.OBSERVE, Policy.standInText());
        assertEquals(first, same);
        assertEquals(size, services.checkpointSize());
        RegisterStorageResponse stronger = services.register(Mode.QUARANTINE_FLAGGED, Policy.standInText());
        assertEquals(first, stronger, "the mode is no part of the epoch");
        assertEquals(size + 1, services.checkpointSize());
        var listed = SitesGrpc.newBlockingStub(services.channel).storages(ListStoragesRequest.getDefaultInstance());
        assertEquals(
                List.of(Mode.QUARANTINE_FLAGGED),
                listed.getStoragesList().stream()
                        .map(org.picket.proto.v1.Storage::getMode)
                        .toList());
    }

    private RegisterStorageResponse registerFor(Circle circle) {
        return services.register(ServicesFixture.registration(Mode.OBSERVE, Policy.standInText())
                .setCircle(circle.named())
                .build());
    }

    private Circle circle() {
        var row = SitesGrpc.newBlockingStub(services.channel)
                .storages(ListStoragesRequest.getDefaultInstance())
                .getStorages(0);
        return row.hasCircle() ? Circle.of(row.getCircle()) : Circle.EVERYONE;
    }

    /// What an invite told is not what the site said: the crawler sends it where its settings name no circle.
    @Test
    void circleOfAnInviteDoesNotTakeThePlaceOfTheSites() {
        Circle own = Circle.parse(List.of("own"));
        registerFor(own);
        StatusRuntimeException refused = assertThrows(
                StatusRuntimeException.class, () -> registerByInvite(Circle.parse(List.of("own", "operator:mallory"))));
        assertEquals(Status.Code.INVALID_ARGUMENT, refused.getStatus().getCode());
        assertEquals(own, circle());
        registerByInvite(own);
        assertEquals(own, circle());
    }

    private void registerByInvite(Circle circle) {
        services.register(ServicesFixture.registration(Mode.OBSERVE, Policy.standInText())
                .setCircle(circle.named())
                .setCircleOfInvite(true)
                .build());
    }

    /// A restart without its option would show the pictures to all operators.
    @Test
    void circleIsNotWidenedBySayingNothing() {
        Circle own = Circle.parse(List.of("own", "operator:alice"));
        RegisterStorageResponse first = services.register(Mode.OBSERVE, Policy.standInText());
        assertEquals(first, registerFor(own));
        Status status = assertThrows(
                        StatusRuntimeException.class,
                        () -> services.register(Mode.QUARANTINE_FLAGGED, Policy.standInText()))
                .getStatus();
        assertEquals(Status.Code.INVALID_ARGUMENT, status.getCode());
        String why = String.valueOf(status.getDescription());
        assertTrue(why.contains("own,operator:alice") && why.contains("\"everyone\""), why);
        assertEquals(own, circle());
        assertEquals(first, registerFor(own));
        assertEquals(first, registerFor(Circle.EVERYONE));
        assertEquals(Circle.EVERYONE, circle());
        assertEquals(first, services.register(Mode.OBSERVE, Policy.standInText()), "it is open, and stays so");
    }

    /// Whoever reads the ledger could else try all operators' names.
    @Test
    void circleCannotBeGuessedFromTheLedger() {
        services.register(Mode.OBSERVE, Policy.standInText());
        assertEquals(ByteString.EMPTY, services.lastOfLedger().getEpoch().getCircleDigest());
        Circle own = Circle.parse(List.of("own"));
        long storage = registerFor(own).getStorageId();
        ByteString digest = services.lastOfLedger().getEpoch().getCircleDigest();
        ByteString wire = own.named().toByteString();
        assertEquals(
                Digest.of(ServicesFixture.SALT
                                .concat(ByteString.copyFrom(
                                        ByteBuffer.allocate(8).putLong(storage).flip()))
                                .concat(wire))
                        .bytes(),
                digest);
        assertNotEquals(Digest.of(wire).bytes(), digest);
    }

    @Test
    void faultyPolicyIsToldByLineAndColumn() {
        Status status = assertThrows(
                        StatusRuntimeException.class,
                        () -> services.register(Mode.OBSERVE, "id: \"x\"\nversion: one\n"))
                .getStatus();
        assertEquals(Status.Code.INVALID_ARGUMENT, status.getCode());
        assertTrue(status.getDescription().startsWith("2:"), status.getDescription());
    }

    @Test
    void findingsAreListedWithWhatTheyRestOn() {
        StorageId storage = services.registered(Mode.OBSERVE);
        services.record(storage, Action.OBSERVE, rulings(flagged("b", "one"), flagged("c", "two")));
        services.record(
                storage,
                Action.OBSERVE,
                rulings(
                        List.of(),
                        List.of(new InconclusiveObject(object("d", "v"), InconclusiveReason.CORRUPT, "bad header")),
                        List.of(),
                        List.of()));
        Finding first = services.list(false).getFirst();
        assertEquals("folder:/srv/pictrs", first.getStorageIdentity());
        assertEquals("b", first.getKey());
        assertEquals("scores", first.getBasis());
        assertEquals(2, first.getScoresCount());
        assertEquals("OBSERVED", first.getState());
        assertEquals(
                List.of("c"),
                FindingsGrpc.newBlockingStub(services.channel)
                        .list(ListFindingsRequest.newBuilder()
                                .setAfterId(first.getId())
                                .build())
                        .getFindingsList()
                        .stream()
                        .map(Finding::getKey)
                        .toList());
        assertEquals(
                List.of("CORRUPT"),
                services.list(true).stream().map(Finding::getBasis).toList());
    }

    @Test
    void findingsAreListedByTheirIds() {
        StorageId storage = services.registered(Mode.OBSERVE);
        services.record(storage, Action.OBSERVE, rulings(flagged("b", "one"), flagged("c", "two"), flagged("d", "x")));
        List<Long> ids = services.list(false).stream().map(Finding::getId).toList();
        FindingsGrpc.FindingsBlockingStub findings = FindingsGrpc.newBlockingStub(services.channel);
        ListFindingsRequest asked = ListFindingsRequest.newBuilder()
                .addAllFindingIds(List.of(ids.getLast(), ids.getFirst(), 999_999L))
                .build();
        assertEquals(
                List.of("b", "d"),
                findings.list(asked).getFindingsList().stream()
                        .map(Finding::getKey)
                        .toList());
        assertEquals(
                List.of("d"),
                findings.list(asked.toBuilder().setAfterId(ids.getFirst()).build()).getFindingsList().stream()
                        .map(Finding::getKey)
                        .toList());
        for (ListFindingsRequest faulty : List.of(
                asked.toBuilder().setInconclusive(true).build(),
                asked.toBuilder().addFindingIds(0).build(),
                asked.toBuilder()
                        .addAllFindingIds(LongStream.rangeClosed(1, Limits.FINDINGS_PAGE)
                                .boxed()
                                .toList())
                        .build())) {
            assertEquals(Status.Code.INVALID_ARGUMENT, ServicesFixture.code(() -> findings.list(faulty)));
        }
        services.becomeStranger();
        assertEquals(0, findings.list(asked).getFindingsCount());
    }

    @Test
    void observedFindingIsEnforcedReleasedAndAllowed() {
        StorageId storage = services.registered(Mode.OBSERVE);
        services.record(storage, Action.OBSERVE, rulings(flagged("b", "one"), flagged("c", "two")));
        assertEquals(2, services.enforce(RemovalAction.QUARANTINE).getOrdered());
        assertEquals(
                0, services.enforce(RemovalAction.QUARANTINE).getOrdered(), "what is ordered is not ordered again");
        List<Sealed> orders = services.pull(storage);
        // Whose name it gives is the caller's word.
        assertEquals(
                "alice, as the administrator said",
                RemovalFixture.read(orders.getFirst()).getAuthorisedBy());
        services.acknowledge(orders, Outcome.QUARANTINED);
        long id = services.list(false).getFirst().getId();
        FindingsGrpc.newBlockingStub(services.channel)
                .release(ReleaseRequest.newBuilder()
                        .setFindingId(id)
                        .setAuthorisedBy("alice")
                        .build());
        services.acknowledge(services.pull(storage), Outcome.RELEASED);
        assertEquals(
                List.of("RELEASED", "QUARANTINED"),
                services.list(false).stream().map(Finding::getState).toList());
        assertTrue(DATABASE.database()
                .transaction(handle -> services.sites.allowlist(handle, services.site))
                .contains(RemovalFixture.content("one")));
    }

    @Test
    void findingOfAnotherSiteIsNotThere() {
        StorageId storage = services.registered(Mode.OBSERVE);
        services.record(storage, Action.OBSERVE, rulings(flagged("b", "one")));
        long id = services.list(false).getFirst().getId();
        services.becomeStranger();
        assertTrue(services.list(false).isEmpty());
        assertEquals(
                Status.Code.NOT_FOUND,
                ServicesFixture.code(() -> FindingsGrpc.newBlockingStub(services.channel)
                        .release(ReleaseRequest.newBuilder()
                                .setFindingId(id)
                                .setAuthorisedBy("mallory")
                                .build())));
        assertEquals(
                Status.Code.NOT_FOUND,
                ServicesFixture.code(() -> FindingsGrpc.newBlockingStub(services.channel)
                        .enforce(EnforceRequest.newBuilder()
                                .addFindingIds(id)
                                .setAction(RemovalAction.PURGE)
                                .setAuthorisedBy("mallory")
                                .build())));
    }

    @Test
    void strongerModeDoesWithWhatWasObservedWhatItSays() {
        String policy = """
                id: "test"
                version: 1
                rule { id: "r1" category: "test.lighthouse" all { concept: "lighthouse" gte: 0.5 } action: QUARANTINE }
                """;
        RegisterStorageResponse registered = services.register(Mode.OBSERVE, policy);
        StorageId storage = new StorageId(registered.getStorageId());
        services.record(
                storage,
                new Digest(registered.getPolicyEpoch()),
                Action.OBSERVE,
                rulings(flagged("b", "one"), flagged("c", "two")));
        services.record(storage, Action.OBSERVE, rulings(flagged("d", "of an earlier policy")));
        FindingsGrpc.FindingsBlockingStub findings = FindingsGrpc.newBlockingStub(services.channel);
        EnforceModeRequest asked =
                EnforceModeRequest.newBuilder().setStorageId(storage.value()).build();
        assertEquals(0, findings.enforceMode(asked).getOrderedCount(), "observing orders nothing");

        services.register(Mode.QUARANTINE_FLAGGED, policy);
        EnforceModeResponse page = findings.enforceMode(asked);
        assertEquals(2, page.getOrderedCount());
        assertEquals(0, page.getHeldCount() + page.getNextAfterId());
        assertEquals(2, services.pull(storage).size());
        services.becomeStranger();
        assertEquals(Status.Code.NOT_FOUND, ServicesFixture.code(() -> findings.enforceMode(asked)));
    }

    @Test
    void crawlerPullsOnlyItsOwnStorages() {
        StorageId storage = services.registered(Mode.OBSERVE);
        assertEquals(Status.Code.PERMISSION_DENIED, ServicesFixture.code(() -> services.pull(new StorageId(999_999))));
        assertEquals(
                Status.Code.NOT_FOUND,
                ServicesFixture.code(() -> services.pull(storage, "folder:/that had this number once")));
        assertEquals(
                Status.Code.INVALID_ARGUMENT,
                ServicesFixture.code(() ->
                        RemovalsGrpc.newBlockingStub(services.channel).pull(PullOrdersRequest.getDefaultInstance())));
    }

    @Test
    void watchEndsWhenTheLastOrderHasItsReceipt() {
        StorageId storage = services.registered(Mode.QUARANTINE_FLAGGED);
        services.scan.set(Optional.of(new Scan(
                storage,
                ScanProgress.newBuilder()
                        .setListed(3)
                        .setFlagged(1)
                        .setCleared(2)
                        .setListingFinished(true)
                        .build(),
                true)));
        services.record(storage, Action.QUARANTINE, rulings(flagged("b", "one")));
        Iterator<ScanProgress> states = SitesGrpc.newBlockingStub(services.channel)
                .watch(WatchScanRequest.newBuilder()
                        .setListingId(storage.value())
                        .build());
        ScanProgress before = states.next();
        assertEquals(1, before.getOrdersOpen());
        assertFalse(before.getComplete());
        services.acknowledge(services.pull(storage), Outcome.QUARANTINED);
        ScanProgress after = states.next();
        assertTrue(after.getComplete());
        assertEquals(1, after.getQuarantined());
        assertEquals(3, after.getListed());
        assertFalse(states.hasNext(), "a complete scan is the last state");
    }

    @Test
    void unknownListingCannotBeWatched() {
        assertEquals(
                Status.Code.NOT_FOUND,
                ServicesFixture.code(() -> SitesGrpc.newBlockingStub(services.channel)
                        .watch(WatchScanRequest.newBuilder().setListingId(5).build())
                        .next()));
    }

    @Test
    void ledgerIsExportedWholeAndThenVouchedFor() throws Exception {
        StorageId storage = services.registered(Mode.OBSERVE);
        services.record(storage, Action.QUARANTINE, rulings(flagged("b", "one")));
        List<LedgerMessage> messages = new ArrayList<>();
        LedgerGrpc.newBlockingStub(services.channel)
                .export(ExportLedgerRequest.getDefaultInstance())
                .forEachRemaining(messages::add);
        for (int i = 0; i < messages.size() - 1; i++) {
            assertEquals(i, messages.get(i).getEntry().getSequence());
        }
        LedgerBody last = LedgerBody.parseFrom(
                messages.get(messages.size() - 2).getEntry().getBody());
        assertEquals(LedgerBody.BodyCase.ORDER, last.getBodyCase());
        Checkpoint.Opened opened = Checkpoint.open(
                messages.getLast().getCheckpoint(),
                ServicesFixture.ORIGIN,
                List.of(services.coordinatorKey.verifyingKey()));
        assertEquals(
                messages.size() - 1L,
                assertInstanceOf(Checkpoint.Opened.Valid.class, opened)
                        .checkpoint()
                        .size());
    }
}
