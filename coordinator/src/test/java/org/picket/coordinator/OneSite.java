package org.picket.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;
import org.picket.coordinator.SecureCollective.Joined;
import org.picket.coordinator.fleet.MemberRole;
import org.picket.proto.bundle.Scoring;
import org.picket.proto.circle.Circle;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.AddEntriesRequest;
import org.picket.proto.v1.BeginImportRequest;
import org.picket.proto.v1.BundleManifest;
import org.picket.proto.v1.EnforceRequest;
import org.picket.proto.v1.Finding;
import org.picket.proto.v1.FindingsGrpc;
import org.picket.proto.v1.FindingsGrpc.FindingsBlockingStub;
import org.picket.proto.v1.FinishImportRequest;
import org.picket.proto.v1.Grant;
import org.picket.proto.v1.HashListsGrpc;
import org.picket.proto.v1.HashListsGrpc.HashListsBlockingStub;
import org.picket.proto.v1.HashType;
import org.picket.proto.v1.ListEntry;
import org.picket.proto.v1.ListFindingsRequest;
import org.picket.proto.v1.ListKind;
import org.picket.proto.v1.ListTerms;
import org.picket.proto.v1.Mode;
import org.picket.proto.v1.OrderStatement;
import org.picket.proto.v1.PullOrdersRequest;
import org.picket.proto.v1.ReceiptStatement;
import org.picket.proto.v1.RegisterStorageRequest;
import org.picket.proto.v1.RemovalAction;
import org.picket.proto.v1.RemovalsGrpc;
import org.picket.proto.v1.RemovalsGrpc.RemovalsBlockingStub;
import org.picket.proto.v1.Sealed;
import org.picket.proto.v1.ShowListsRequest;
import org.picket.proto.v1.SitesGrpc;
import org.picket.proto.v1.SitesGrpc.SitesBlockingStub;

/// A site of a collective, with one of all that another site's members could reach for.
final class OneSite {
    private static final BundleManifest MANIFEST = BundleManifest.newBuilder()
            .setName("stand-in")
            .setViewSize(224)
            .setPreprocessingVersion(Limits.PREPROCESSING_VERSION)
            .addConcepts("lighthouse")
            .build();
    private static final Scoring SCORING = Scoring.of(Digest.of(MANIFEST.toByteString()), MANIFEST);

    private static final String POLICY = """
            id: "tenant"
            version: 1
            rule { id: "r1" category: "test.lighthouse" all { concept: "lighthouse" gte: 0.5 } action: PURGE }
            fuses { site_flag_ratio: 1 }
            """;

    private static final RegisterStorageRequest REGISTRATION = RegisterStorageRequest.newBuilder()
            .setIdentity("folder:/srv/pictures")
            .setMode(Mode.OBSERVE)
            .setPolicyText(POLICY)
            .setBundleManifest(MANIFEST.toByteString())
            .build();

    private final SitesBlockingStub sites;
    private final String name;
    private final long storage;
    private final FakeCrawler crawler;
    private final FakeAgent agent;
    private final FindingsBlockingStub findings;
    private final HashListsBlockingStub lists;
    private final RemovalsBlockingStub removals;

    /// @param operator of the agent that scans for it
    OneSite(SecureCollective collective, String name, String operator) {
        this.name = name;
        Joined beside = collective.join(MemberRole.CRAWLER, name);
        Joined admin = collective.join(MemberRole.ADMINISTRATOR, name);
        Joined scanning = collective.join(MemberRole.AGENT, operator);
        sites = SitesGrpc.newBlockingStub(beside.channel());
        storage = sites.register(REGISTRATION).getStorageId();
        crawler = new FakeCrawler(beside.channel(), storage);
        agent = new FakeAgent(
                scanning.channel(),
                scanning.key(),
                SCORING.bundle().bytes(),
                SCORING.preprocessingDigest().bytes());
        findings = FindingsGrpc.newBlockingStub(admin.channel());
        lists = HashListsGrpc.newBlockingStub(admin.channel());
        removals = RemovalsGrpc.newBlockingStub(beside.channel());
    }

    long storage() {
        return storage;
    }

    /// Registers its storage anew.
    void accept(Circle circle) {
        sites.register(REGISTRATION.toBuilder().setCircle(circle.named()).build());
    }

    FakeCrawler crawler() {
        return crawler;
    }

    FakeAgent agent() {
        return agent;
    }

    /// What a site has.
    ///
    /// @param grant of a lease that its agent holds
    /// @param finding that is observed
    /// @param order without a receipt
    /// @param list in force
    /// @param imported an import that is not finished
    record Things(long listing, Grant grant, long finding, Sealed order, long list, long imported) {
        ReceiptStatement receipt() {
            try {
                return ReceiptStatement.newBuilder()
                        .setOrderId(
                                OrderStatement.parseFrom(order.getStatement()).getOrderId())
                        .setOrderDigest(Digest.of(order.getStatement()).bytes())
                        .setOutcome(ReceiptStatement.Outcome.QUARANTINED)
                        .build();
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    Things make() {
        crawler.put(Item.flagged("first"));
        crawler.put(Item.flagged("second"));
        crawler.list();
        agent.work(crawler);
        List<Long> found = found().stream().map(Finding::getId).toList();
        assertEquals(2, found.size());
        assertEquals(
                1,
                findings.enforce(EnforceRequest.newBuilder()
                                .addFindingIds(found.getFirst())
                                .setAction(RemovalAction.QUARANTINE)
                                .setAuthorisedBy(name)
                                .build())
                        .getOrdered());
        Sealed order = orders().getFirst();
        long list = lists.finish(
                        FinishImportRequest.newBuilder().setImportId(begin()).build())
                .getListId();
        long open = begin();
        for (int i = 0; i < 20; i++) {
            crawler.put(Item.clean("object " + i));
        }
        long listing = crawler.list();
        return new Things(listing, agent.lease(), found.getLast(), order, list, open);
    }

    private long begin() {
        long begun = lists.begin(BeginImportRequest.newBuilder()
                        .setTerms(ListTerms.newBuilder()
                                .setKind(ListKind.DENY)
                                .setSource("source")
                                .setCategory("category")
                                .setTrust(1))
                        .setFileSha256(Digest.of(ByteString.EMPTY).bytes())
                        .setImportedBy(name)
                        .build())
                .getImportId();
        lists.add(AddEntriesRequest.newBuilder()
                .setImportId(begun)
                .addEntries(ListEntry.newBuilder()
                        .setType(HashType.SHA256)
                        .setValue(Digest.of(ByteString.EMPTY).bytes()))
                .build());
        return begun;
    }

    private List<Finding> found() {
        return findings.list(ListFindingsRequest.getDefaultInstance()).getFindingsList();
    }

    private List<Sealed> orders() {
        return removals.pull(PullOrdersRequest.newBuilder()
                        .setStorageId(storage)
                        .setLimit(1)
                        .build())
                .getOrdersList();
    }

    /// All that attempts of others could have changed.
    List<Object> seen() {
        return List.of(found(), lists.show(ShowListsRequest.getDefaultInstance()));
    }
}
