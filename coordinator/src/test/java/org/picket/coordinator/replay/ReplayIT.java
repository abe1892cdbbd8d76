package org.picket.coordinator.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.picket.coordinator.database.TestDatabase;
import org.picket.coordinator.finding.Enforcement;
import org.picket.coordinator.finding.Findings;
import org.picket.coordinator.finding.FlaggedObject;
import org.picket.coordinator.finding.ObjectReference;
import org.picket.coordinator.finding.Ruled;
import org.picket.coordinator.finding.RulingContext;
import org.picket.coordinator.finding.Rulings;
import org.picket.coordinator.policy.Action;
import org.picket.coordinator.policy.Fuses;
import org.picket.coordinator.policy.Policy;
import org.picket.coordinator.ruling.Explanation;
import org.picket.coordinator.ruling.ObjectEvidence;
import org.picket.coordinator.ruling.Ruling;
import org.picket.coordinator.ruling.RulingRules;
import org.picket.coordinator.ruling.ScoreBlock;
import org.picket.coordinator.ruling.ViewScores;
import org.picket.coordinator.shard.ShardKey;
import org.picket.coordinator.shard.ShardStore;
import org.picket.coordinator.site.Sites;
import org.picket.coordinator.site.StorageMode;
import org.picket.coordinator.site.Terms;
import org.picket.coordinator.site.TermsText;
import org.picket.proto.id.FindingId;
import org.picket.proto.id.ListingId;
import org.picket.proto.id.ShardId;
import org.picket.proto.id.StorageId;
import org.picket.proto.limit.FixedPoint;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.BundleManifest;

class ReplayIT {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private static final Instant NOW = Instant.parse("2026-11-21T06:00:00Z");
    private static final String STRICT = """
            id: "p" version: 1
            rule { id: "boat" category: "test.boat" all { concept: "boat" gte: 0.5 } none { concept: "drawing" gte: 0.5 } }
            rule { id: "sea" category: "test.sea" all { concept: "sea" gte: 0.75 } }
            """;
    private static final String WIDE = """
            id: "p" version: 2
            rule { id: "boat" category: "test.boat" all { concept: "boat" gte: 0.25 } near: 0.125 }
            rule { id: "sea" category: "test.water" all { concept: "sea" gte: 0.9 } }
            rule { id: "odd" category: "test.odd" all { concept: "drawing" gte: 0.9 } outcome: UNDECIDED }
            """;

    /// A storage with one whole listing under its terms.
    private record Scanned(String identity, StorageId storage, ListingId listing, Terms terms) {}

    private Scanned scanned(String identity, int listed, int inconclusive) {
        var manifest = BundleManifest.newBuilder()
                .setName("b")
                .setViewSize(224)
                .setPreprocessingVersion(1)
                .addAllConcepts(List.of("boat", "drawing", "sea"))
                .build()
                .toByteString();
        return DATABASE.database().transaction(handle -> {
            var sites = new Sites();
            var site = sites.site(handle, identity, NOW).id();
            var done = assertInstanceOf(
                    Sites.Registered.Done.class,
                    sites.register(handle, site, identity, new TermsText(StorageMode.OBSERVE, STRICT, manifest), NOW));
            var listing = new ListingId(handle.createQuery("""
                            insert into listing (storage_id, policy_epoch, since_millis, started_at, state, listed,
                                   inconclusive)
                            values (:storage, :epoch, -1, :now, 2, :listed, :inconclusive) returning id
                            """)
                    .bind("storage", done.storage().id().value())
                    .bind("epoch", done.terms().epoch().toByteArray())
                    .bind("now", NOW)
                    .bind("listed", listed)
                    .bind("inconclusive", inconclusive)
                    .mapTo(Long.class)
                    .one());
            ShardStore.createPartitions(handle, listing);
            return new Scanned(identity, done.storage().id(), listing, done.terms());
        });
    }

    /// Keeps a block of objects of one view, and makes the findings that follow.
    private List<FindingId> rule(Scanned scanned, double[]... objects) {
        var scores = new short[objects.length * 3];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = FixedPoint.of((float) objects[i / 3][i % 3]);
        }
        var views = new int[objects.length];
        Arrays.fill(views, 1);
        var block = new ScoreBlock(3, new long[objects.length], views, scores);
        var flagged = new ArrayList<FlaggedObject>();
        for (int i = 0; i < objects.length; i++) {
            var own = new ViewScores(scores, i * 3, 1, 3);
            var content = Digest.of(ByteString.copyFromUtf8(scanned.identity() + i));
            if (RulingRules.rule(scanned.terms().policy(), new ObjectEvidence.Scored(content, own))
                    instanceof Ruling.Flagged found) {
                flagged.add(new FlaggedObject(
                        new ObjectReference("k" + i, "v", 1, NOW),
                        content,
                        found,
                        Action.OBSERVE,
                        Optional.empty(),
                        Optional.of(ScoreBlock.of(own))));
            }
        }
        DATABASE.database()
                .useTransaction(handle -> ShardStore.addScores(
                        handle, List.of(new ShardStore.Scores(new ShardKey(scanned.listing(), 1), 0, block.encode()))));
        return record(scanned, flagged);
    }

    private static List<FindingId> record(Scanned scanned, List<FlaggedObject> flagged) {
        var findings =
                new Findings((handle, records, orders, now) -> {}, (handle, storage, sha256, by, now) -> List.of());
        return DATABASE.database().transaction(handle -> {
            findings.record(
                    handle,
                    List.of(new Ruled(
                            new RulingContext(
                                    scanned.storage(),
                                    scanned.listing(),
                                    new ShardId(1),
                                    scanned.terms().epoch(),
                                    new Enforcement(Action.OBSERVE, Fuses.DEFAULT),
                                    0,
                                    NOW),
                            new Rulings("a", "z", flagged, List.of(), List.of(), List.of()))));
            return handle.createQuery("select finding_id from finding where storage_id = :storage order by key")
                    .bind("storage", scanned.storage().value())
                    .map((row, _) -> new FindingId(row.getLong(1)))
                    .list();
        });
    }

    private static Policy policy(String text) {
        return Policy.parse(text, Path.of(".")).orThrow();
    }

    private static Replayed.Result replayed(String identity, String policy) {
        return new Replay(DATABASE.database())
                .run(policy(policy)).stream()
                        .filter(one -> one.identity().equals(identity))
                        .findFirst()
                        .orElseThrow()
                        .result();
    }

    @Test
    void everyKindOfDifferenceIsCounted() {
        var scanned = scanned("folder:/replayed", 9, 1);
        var findings = rule(
                scanned,
                new double[] {0.1, 0.1, 0.1}, // cleared by both
                new double[] {0.6, 0.1, 0.1}, // a boat by both
                new double[] {0.3, 0.1, 0.1}, // a boat by the other one alone
                new double[] {0.6, 0.6, 0.1}, // likewise
                new double[] {0.1, 0.1, 0.8}, // sea by the one in force alone
                new double[] {0.1, 0.1, 0.95}, // sea by both, under another name
                new double[] {0.1, 0.95, 0.1}, // undecided by the other one
                new double[] {0.13, 0.1, 0.1}); // near by the other one
        assertEquals(3, findings.size());

        var compared = assertInstanceOf(Replayed.Compared.class, replayed(scanned.identity(), WIDE));

        assertEquals(1, compared.inForce().version());
        assertEquals(new Replayed.Coverage(8, Optional.of(9L), 1, true), compared.coverage());
        assertEquals(0, compared.coverage().others());
        assertEquals(
                new Replayed.Diff(
                        new Replayed.Outcomes(5, 3, 0, 0),
                        new Replayed.Outcomes(2, 4, 2, 0),
                        2,
                        1,
                        1,
                        0,
                        List.of(
                                new Replayed.RuleCount("boat", 1, 4),
                                new Replayed.RuleCount("sea", 2, 1),
                                new Replayed.RuleCount("odd", 0, 1))),
                compared.diff());
        assertEquals(
                new Replayed.ChangedFindings(
                        List.of(findings.get(1)),
                        1,
                        List.of(findings.get(2)),
                        1,
                        new Replayed.ByLists(0, List.of(), 0)),
                compared.findings());
    }

    private static FlaggedObject listed(String key, Digest content, String rule) {
        return new FlaggedObject(
                new ObjectReference(key, "v", 1, NOW),
                content,
                new Ruling.Flagged(rule, "test.known", Ruling.Flagged.By.DENY_LIST, List.of()),
                Action.OBSERVE,
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void whatListsDecideIsNotReplayedButToldOf() {
        var scanned = scanned("folder:/listed", 5, 0);
        var scored = rule(scanned, new double[] {0.6, 0.1, 0.1}, new double[] {0.7, 0.1, 0.1});
        var kept = Digest.of(ByteString.copyFromUtf8("kept"));
        var gone = Digest.of(ByteString.copyFromUtf8("gone"));
        var findings = record(
                scanned,
                List.of(
                        listed("x1", gone, "list/sha256/1/they"),
                        listed("x2", kept, "known"),
                        listed("x3", gone, "known")));
        var allowed = Digest.of(ByteString.copyFromUtf8("folder:/listed0"));

        var compared = assertInstanceOf(
                Replayed.Compared.class,
                replayed(
                        scanned.identity(),
                        WIDE + "list { id: \"fine\" kind: ALLOW sha256: \"" + allowed.hex() + "\" }"
                                + "list { id: \"known\" kind: DENY category: \"test.known\" sha256: \"" + kept.hex()
                                + "\" }"));

        assertEquals(2, scored.size());
        assertEquals(5, findings.size());
        assertEquals(
                new Replayed.ChangedFindings(
                        List.of(findings.get(0)),
                        1,
                        List.of(),
                        0,
                        new Replayed.ByLists(3, List.of(findings.get(4)), 1)),
                compared.findings());
    }

    @Test
    void whatCannotBeReplayedSaysWhy() {
        scanned("folder:/empty", 0, 0);

        assertEquals(
                new Replayed.Impossible("no scores are stored under the terms in force: scan it first"),
                replayed("folder:/empty", WIDE));
        var other = replayed(
                "folder:/empty",
                "id: \"p\" version: 1 rule { id: \"r\" category: \"c\" all { concept: \"x\" gte: 0.1 } }");
        assertTrue(assertInstanceOf(Replayed.Impossible.class, other).why().contains("no concept \"x\""));
    }

    @Test
    void findingIsExplainedFromTheScoresKeptWithIt() {
        var scanned = scanned("folder:/explained", 1, 0);
        var finding = rule(scanned, new double[] {0.6, 0.1, 0.9}).getFirst();

        var explained = assertInstanceOf(
                FindingExplained.ByScores.class, new Explanations(DATABASE.database()).explain(finding));

        assertEquals("boat", explained.rule());
        assertEquals(
                List.of(Explanation.ExplainedRule.Standing.HOLDS, Explanation.ExplainedRule.Standing.HOLDS),
                explained.explanation().rules().stream()
                        .map(Explanation.ExplainedRule::standing)
                        .toList());
        var boat = explained.explanation().rules().getFirst().why().parts().getFirst();
        assertEquals("boat", boat.what());
        assertEquals(0.6, boat.test().orElseThrow().score(), 1e-4);
        assertInstanceOf(
                FindingExplained.Unknown.class,
                new Explanations(DATABASE.database()).explain(new FindingId(Long.MAX_VALUE)));
    }
}
