package org.picket.coordinator.replay;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.policy.ContentHashes;
import org.picket.coordinator.policy.ListRule;
import org.picket.coordinator.policy.Policy;
import org.picket.coordinator.replay.PostgresScores.TermedStorage;
import org.picket.coordinator.ruling.CompiledPolicy;
import org.picket.coordinator.ruling.Decision;
import org.picket.coordinator.ruling.FurtherBundle;
import org.picket.coordinator.ruling.Ruling;
import org.picket.coordinator.ruling.RulingRules;
import org.picket.coordinator.ruling.ScoreBlock;
import org.picket.coordinator.shard.ShardStore;
import org.picket.coordinator.site.Terms;
import org.picket.coordinator.site.TermsRead;
import org.picket.coordinator.site.TermsRules;
import org.picket.proto.id.FindingId;
import org.picket.proto.id.ListingId;
import org.picket.proto.v1.BundleManifest;

/// Rules all stored scores once more, with the policy in force and with another one, and counts where they
/// differ.
///
/// What hash lists decide has no scores, and another policy's rules do not change it: findings by lists are
/// counted by themselves, and those named that only a list of the policy in force calls for. Of a finding by
/// scores the lists of the other policy are asked first, as when it is ruled on. Objects that are no findings are
/// taken by their scores alone: no hash is stored with those.
///
/// Safe for any number of threads; each call starts [#WORKERS] of its own.
public final class Replay {
    /// Threads that unpack and rule.
    public static final int WORKERS = 2;

    /// Findings that are named one by one.
    public static final int FINDINGS_NAMED = 1_000;

    private final Database database;

    /// @param database holds the scores
    public Replay(Database database) {
        this.database = database;
    }

    /// What the policy would make of every storage.
    public List<Replayed> run(Policy policy) {
        var storages = database.transaction(PostgresScores::storages);
        var replayed = new ArrayList<Replayed>();
        for (var storage : storages) {
            replayed.add(new Replayed(storage.identity(), run(policy, storage)));
        }
        return replayed;
    }

    private Replayed.Result run(Policy policy, TermedStorage storage) {
        return switch (TermsRules.read(storage.terms())) {
            case TermsRead.Faulty faulty ->
                new Replayed.Impossible(
                        "its policy in force cannot be read: " + faulty.faults().getFirst());
            case TermsRead.Sound(Terms terms) -> {
                var concepts = manifest(storage).getConceptsList();
                var missing = new ArrayList<String>();
                policy.checkAgainst(concepts).forEach(fault -> missing.add(fault.toString()));
                missing.addAll(policy.checkFurther(terms.policy().further().stream()
                        .collect(Collectors.toMap(FurtherBundle::name, FurtherBundle::concepts))));
                yield missing.isEmpty()
                        ? run(CompiledPolicy.of(policy, concepts, terms.policy().further()), storage, terms)
                        : new Replayed.Impossible("policy file, " + missing.getFirst());
            }
        };
    }

    /// That of the first bundle.
    static BundleManifest manifest(TermedStorage storage) {
        try {
            return BundleManifest.parseFrom(storage.terms().bundleManifest());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("terms that were read have a manifest", e);
        }
    }

    private Replayed.Result run(CompiledPolicy policy, TermedStorage storage, Terms terms) {
        List<ListingId> listings =
                database.transaction(handle -> PostgresScores.listings(handle, storage.id(), terms.epoch()));
        var pairs = new Pairs();
        for (var listing : listings) {
            try (var line = new ReplayLine(terms.policy(), policy)) {
                database.useTransaction(handle -> ShardStore.eachScores(handle, listing, line::put));
                pairs.add(line.finish());
            }
        }
        if (pairs.scored() == 0) {
            return new Replayed.Impossible("no scores are stored under the terms in force: scan it first");
        }
        var listed = database.transaction(handle -> PostgresScores.newest(handle, storage.id(), terms.epoch()));
        return new Replayed.Compared(
                terms.policy().policy(),
                new Replayed.Coverage(
                        pairs.scored(),
                        listed.map(PostgresScores.Listed::objects),
                        listed.map(PostgresScores.Listed::inconclusive).orElse(0L),
                        listed.map(PostgresScores.Listed::complete).orElse(false)),
                Differences.of(terms.policy(), policy, pairs),
                findings(policy, storage, terms));
    }

    private Replayed.ChangedFindings findings(CompiledPolicy policy, TermedStorage storage, Terms terms) {
        return database.transaction(handle -> {
            var changed = new Changed(policy);
            PostgresScores.findings(handle, storage.id(), terms.epoch(), changed::add);
            return changed.findings();
        });
    }

    /// Collects findings that would be otherwise.
    private static final class Changed {
        private final CompiledPolicy policy;
        private final List<FindingId> unlisted = new ArrayList<>();
        private long unlistedCount;
        private long byLists;
        private final List<FindingId> noLonger = new ArrayList<>();
        private final List<FindingId> otherCategory = new ArrayList<>();
        private long noLongerCount;
        private long otherCategoryCount;

        Changed(CompiledPolicy policy) {
            this.policy = policy;
        }

        void add(PostgresScores.FindingScores finding) {
            var listed = RulingRules.byLists(policy, ContentHashes.NONE, finding.sha256());
            if (finding.by() == Ruling.Flagged.By.DENY_LIST) {
                byLists++;
                boolean ofPolicy = ListRule.parse(finding.rule()).isEmpty();
                if (ofPolicy && listed.flatMap(Changed::category).isEmpty()) {
                    unlistedCount++;
                    name(unlisted, finding.id());
                }
            } else if (listed.isPresent()) {
                compare(finding, category(listed.get()));
            } else if (finding.scores().length > 0) {
                addScored(finding);
            }
        }

        private void addScored(PostgresScores.FindingScores finding) {
            var block = ScoreBlock.decode(finding.scores());
            var rules = policy.after(block.scored());
            if (block.concepts() != rules.concepts()) {
                return;
            }
            compare(finding, category(rules.decide(block.scores(), block.offset(0), block.views(0))));
        }

        private void compare(PostgresScores.FindingScores finding, Optional<String> category) {
            if (category.isEmpty()) {
                noLongerCount++;
                name(noLonger, finding.id());
            } else if (!category.get().equals(finding.category())) {
                otherCategoryCount++;
                name(otherCategory, finding.id());
            }
        }

        private static void name(List<FindingId> names, FindingId id) {
            if (names.size() < FINDINGS_NAMED) {
                names.add(id);
            }
        }

        private static Optional<String> category(Ruling ruling) {
            return switch (ruling) {
                case Ruling.Flagged flagged -> Optional.of(flagged.category());
                case Ruling.Cleared _, Ruling.Inconclusive _ -> Optional.empty();
            };
        }

        /// What the policy flags it as; empty where it does not.
        private Optional<String> category(int number) {
            return switch (policy.decision(number)) {
                case Decision.Nothing _, Decision.Nearly _, Decision.Waits _ -> Optional.empty();
                case Decision.Holds(int rule) ->
                    switch (policy.rule(rule).outcome()) {
                        case FLAGGED -> Optional.of(policy.rule(rule).category());
                        case UNDECIDED -> Optional.empty();
                    };
            };
        }

        Replayed.ChangedFindings findings() {
            return new Replayed.ChangedFindings(
                    noLonger,
                    noLongerCount,
                    otherCategory,
                    otherCategoryCount,
                    new Replayed.ByLists(byLists, unlisted, unlistedCount));
        }
    }
}
