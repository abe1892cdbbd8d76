package org.picket.coordinator.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.picket.coordinator.database.TestDatabase;
import org.picket.coordinator.hashlist.HashLists;
import org.picket.coordinator.policy.Action;
import org.picket.coordinator.policy.Policy;
import org.picket.coordinator.site.Sites.Registered;
import org.picket.proto.circle.Circle;
import org.picket.proto.id.SiteId;
import org.picket.proto.id.StorageId;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.BundleManifest;

class SitesIT {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private static final Instant NOW = Instant.parse("2026-11-21T06:00:00Z");
    private static final Digest SOME = Digest.of(new byte[] {1});

    private final Sites sites = new Sites();

    private static ByteString manifest(String... concepts) {
        return BundleManifest.newBuilder()
                .setName("stand-in")
                .setViewSize(224)
                .setPreprocessingVersion(1)
                .addAllConcepts(List.of(concepts))
                .build()
                .toByteString();
    }

    private static TermsText terms(StorageMode mode) {
        return new TermsText(mode, Policy.standInText(), manifest("lighthouse", "snow", "night", "drawing"));
    }

    private SiteId site(String name) {
        return DATABASE.database()
                .transaction(handle -> sites.site(handle, name, NOW))
                .id();
    }

    private Registered register(SiteId site, String identity, TermsText terms) {
        return DATABASE.database().transaction(handle -> sites.register(handle, site, identity, terms, NOW));
    }

    private Registered.Done registered(SiteId site, String identity, TermsText terms) {
        return assertInstanceOf(Registered.Done.class, register(site, identity, terms));
    }

    private List<StorageId> allow(StorageId storage, Digest sha256) {
        return DATABASE.database().transaction(handle -> sites.allow(handle, storage, sha256, "ada", NOW));
    }

    @Test
    void siteKeepsItsNumber() {
        var first = DATABASE.database().transaction(handle -> sites.site(handle, "numbered", NOW));
        var again = DATABASE.database().transaction(handle -> sites.site(handle, "numbered", NOW.plusSeconds(9)));

        assertEquals(first, again);
        assertEquals(NOW, again.created());
        assertNotEquals(first.id(), site("another"));
        assertThrows(IllegalArgumentException.class, () -> site(" "));
    }

    @Test
    void storageKeepsItsNumberWhenItsTermsChange() {
        var site = site("terms");
        var first = registered(site, "folder:/a", terms(StorageMode.OBSERVE));
        var same = registered(site, "folder:/a", terms(StorageMode.OBSERVE));
        var other = registered(site, "folder:/a", terms(StorageMode.DELETE));

        assertTrue(first.changed());
        assertFalse(same.changed());
        assertTrue(other.changed());
        assertEquals(first.storage(), other.storage());
        assertEquals(first.terms().epoch(), other.terms().epoch());
        assertEquals(Action.PURGE, other.terms().mode().strongest());
        assertEquals(
                Optional.of(terms(StorageMode.DELETE)),
                DATABASE.database()
                        .read(handle -> sites.terms(handle, first.storage().id())));
        assertEquals(List.of(first.storage()), DATABASE.database().read(handle -> sites.storages(handle, site)));
    }

    @Test
    void circleIsKeptAndChangesNoEpoch() {
        var site = site("circled");
        var open = terms(StorageMode.OBSERVE);
        var circle = Circle.parse(List.of("own", "operator:alice", "region:eu"));
        var closed = new TermsText(open.mode(), open.policy(), open.bundleManifest(), open.further(), circle);
        var first = registered(site, "folder:/c", open);
        var second = registered(site, "folder:/c", closed);

        assertTrue(second.changed());
        assertEquals(first.terms().epoch(), second.terms().epoch());
        assertEquals(circle, second.terms().circle());
        assertFalse(registered(site, "folder:/c", closed).changed());
        assertEquals(
                Optional.of(closed),
                DATABASE.database()
                        .read(handle -> sites.terms(handle, first.storage().id())));
    }

    @Test
    void sameIdentityAtTwoSitesIsTwoStorages() {
        var one = registered(site("one"), "s3:host/bucket", terms(StorageMode.OBSERVE));
        var two = registered(site("two"), "s3:host/bucket", terms(StorageMode.OBSERVE));

        assertNotEquals(one.storage().id(), two.storage().id());
    }

    @Test
    void faultyTermsAreRefusedAndNothingIsKept() {
        var site = site("faulty");
        var faultyPolicy = new TermsText(StorageMode.OBSERVE, "id: 1", manifest("a"));
        var faultyBundle = new TermsText(StorageMode.OBSERVE, Policy.standInText(), manifest("a", "a"));
        var smallBundle = new TermsText(StorageMode.OBSERVE, Policy.standInText(), manifest("lighthouse", "snow"));
        var noBundle = new TermsText(StorageMode.OBSERVE, Policy.standInText(), ByteString.copyFromUtf8("\n\u0007"));

        for (var terms : List.of(faultyPolicy, faultyBundle, smallBundle, noBundle)) {
            assertFalse(assertInstanceOf(Registered.Refused.class, register(site, "folder:/x", terms))
                    .faults()
                    .isEmpty());
        }
        assertInstanceOf(Registered.Refused.class, register(site, " ", terms(StorageMode.OBSERVE)));
        assertEquals(List.of(), DATABASE.database().read(handle -> sites.storages(handle, site)));
        assertThrows(
                IllegalArgumentException.class,
                () -> register(new SiteId(999_999), "folder:/x", terms(StorageMode.OBSERVE)));
    }

    @Test
    void whatIsAllowedAtOneStorageIsAllowedAtTheWholeSiteAndNowhereElse() {
        var site = site("allowing");
        var first = registered(site, "folder:/a", terms(StorageMode.OBSERVE)).storage();
        var second = registered(site, "folder:/b", terms(StorageMode.OBSERVE)).storage();
        var other = registered(site("not allowing"), "folder:/a", terms(StorageMode.OBSERVE))
                .storage();

        assertEquals(List.of(first.id(), second.id()), allow(first.id(), SOME));
        assertEquals(List.of(first.id(), second.id()), allow(second.id(), SOME));
        assertTrue(DATABASE.database()
                .read(handle -> sites.allowlist(handle, site))
                .contains(SOME));
        assertEquals(
                1,
                DATABASE.database()
                        .read(handle -> sites.allowlist(handle, site))
                        .size());
        assertTrue(DATABASE.database()
                .read(handle -> sites.allowlist(handle, other.site()))
                .isEmpty());
        assertThrows(IllegalArgumentException.class, () -> allow(new StorageId(999_999), SOME));
    }

    @Test
    void liveStoragesAnswerFromMemoryUntilTheirSiteChanges() {
        var now = new AtomicReference<>(NOW);
        var live = new LiveStorages(DATABASE.database(), sites, new HashLists(), now::get);
        var storage = registered(site("live"), "folder:/a", terms(StorageMode.OBSERVE))
                .storage();
        var first = live.find(storage.id()).orElseThrow();

        now.set(NOW.plus(LiveStorages.FRESH).plusSeconds(1));
        assertSame(first, live.find(storage.id()).orElseThrow());
        allow(storage.id(), SOME);
        assertSame(first, live.find(storage.id()).orElseThrow());
        now.set(now.get().plus(LiveStorages.FRESH));
        var second = live.find(storage.id()).orElseThrow();
        assertTrue(second.siteAllowlist().contains(SOME));
        registered(storage.site(), "folder:/a", terms(StorageMode.QUARANTINE));
        assertEquals(
                StorageMode.OBSERVE,
                live.find(storage.id()).orElseThrow().terms().mode());
        live.forget(storage.id());
        assertEquals(
                StorageMode.QUARANTINE,
                live.find(storage.id()).orElseThrow().terms().mode());
        assertEquals(
                first.terms().epoch(),
                live.find(storage.id()).orElseThrow().terms().epoch());
    }

    @Test
    void unregisteredStorageIsNotLive() {
        var live = new LiveStorages(DATABASE.database(), sites, new HashLists(), () -> NOW.plus(Duration.ofDays(1)));

        assertEquals(Optional.empty(), live.find(new StorageId(999_999)));
    }
}
