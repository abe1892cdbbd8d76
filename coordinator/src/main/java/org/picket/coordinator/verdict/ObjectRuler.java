package org.picket.coordinator.verdict;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.picket.coordinator.content.KnownContents;
import org.picket.coordinator.finding.FlaggedObject;
import org.picket.coordinator.finding.InconclusiveObject;
import org.picket.coordinator.finding.ObjectReference;
import org.picket.coordinator.finding.Rulings;
import org.picket.coordinator.listing.ListingCounts;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.coordinator.ruling.CompiledPolicy;
import org.picket.coordinator.ruling.ObjectEvidence;
import org.picket.coordinator.ruling.Ruling;
import org.picket.coordinator.ruling.RulingRules;
import org.picket.coordinator.ruling.ScoreBlock;
import org.picket.coordinator.ruling.ViewScores;
import org.picket.coordinator.shard.RulingBits.Mark;
import org.picket.coordinator.supply.Supplied;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.InconclusiveReason;

/// Rules the objects of one verdict, one after the other. For one use by one thread.
final class ObjectRuler {
    private static final int GATHERED_BYTES = 16 * 1_024;

    private final StorageTerms terms;
    private final CompiledPolicy policy;
    private final Vouching vouching;
    private final Waiting waiting = new Waiting();
    private final KnownContents.Tagger tagger;
    private ByteBuffer gathered = ByteBuffer.allocate(GATHERED_BYTES);
    private final MessageDigest all = Digest.sha256();
    private final List<FlaggedObject> flagged = new ArrayList<>();
    private final List<InconclusiveObject> inconclusive = new ArrayList<>();
    private final List<String> cleared = new ArrayList<>();
    private final List<String> gone = new ArrayList<>();
    private long known;
    private long bytes;
    private boolean again;
    /// The scores of the object that is being ruled.
    private Optional<ViewScores> present = Optional.empty();
    /// Whether the object ruled last was cleared by scores, its own or a copy's, and not by a list that may
    /// change.
    private boolean byScores;

    /// @param policy the terms' own, compiled for the bundles that have scored
    /// @param vouching how far the machine may go on the agent's word
    /// @param salt blinds the digest, which goes into the ledger
    ObjectRuler(
            StorageTerms terms, CompiledPolicy policy, Vouching vouching, KnownContents.Tagger tagger, byte[] salt) {
        this.terms = terms;
        this.policy = policy;
        this.vouching = vouching;
        this.tagger = tagger;
        all.update(salt);
    }

    /// Rules what a verdict covers.
    RuledObjects rule(List<Supplied> objects, short[] scores) {
        Mark[] marks = new Mark[objects.size()];
        long[] tags = new long[objects.size()];
        int[] views = new int[objects.size()];
        int concepts = policy.concepts();
        int at = 0;
        for (int i = 0; i < marks.length; i++) {
            Supplied object = objects.get(i);
            views[i] = object.views();
            ViewScores own = new ViewScores(scores, at, views[i], concepts);
            at += views[i] * concepts;
            byScores = false;
            present = Optional.of(own);
            marks[i] = rule(object, own);
            tags[i] = tag(object, marks[i]);
            commit(object, marks[i]);
        }
        return done(objects, marks, new RuledObjects.Block(tags, views, scores));
    }

    /// By which a content is found again: known as cleared by its scores; its complement where a list cleared
    /// it, or nothing was clear, so that another list may still find it.
    private long tag(Supplied object, Mark mark) {
        if (object.sha256().isEmpty() || mark == Mark.FLAGGED || mark == Mark.WAITING) {
            return 0;
        }
        long tag = tagger.tag(object.sha256().get().bytes());
        return byScores ? tag : ~tag;
    }

    /// Rules one object on which agents failed: as it was told of where they had nothing of it to judge, else by the
    /// lists, else INCONCLUSIVE.
    RuledObjects poison(Supplied object, String detail) {
        boolean judged = switch (object.outcome()) {
            case Supplied.Views _ -> true;
            // Its site may allow it no more.
            case Supplied.Listed(Optional<Ruling> imported) ->
                imported.isEmpty()
                        && RulingRules.byLists(
                                        policy,
                                        terms.rules().siteAllowlist(),
                                        hash(object).orElseThrow())
                                .isEmpty();
            case Supplied.Known _, Supplied.Unreadable _, Supplied.Gone _ -> false;
        };
        Supplied told = judged ? object.with(new Supplied.Unreadable(InconclusiveReason.POISON, detail)) : object;
        return rule(List.of(told), new short[0]);
    }

    /// Rules nothing.
    RuledObjects none() {
        return done(List.of(), new Mark[0], new RuledObjects.Block(new long[0], new int[0], new short[0]));
    }

    private RuledObjects done(List<Supplied> objects, Mark[] marks, RuledObjects.Block block) {
        long views = 0;
        for (int count : block.views()) {
            views += count;
        }
        digestGathered();
        String first = objects.isEmpty() ? "" : objects.getFirst().key();
        String last = objects.isEmpty() ? "" : objects.getLast().key();
        return new RuledObjects(
                terms,
                marks,
                new Rulings(first, last, flagged, inconclusive, cleared, gone),
                new ListingCounts(
                        0,
                        known,
                        cleared.size() - known,
                        flagged.size(),
                        inconclusive.size(),
                        gone.size(),
                        new ListingCounts.Work(views, bytes)),
                Digest.finish(all),
                again,
                waiting.none() ? block : Waiting.without(marks, block),
                waiting.objects());
    }

    private Mark rule(Supplied object, ViewScores scores) {
        if (object.sha256().isPresent()) {
            bytes += object.bytes();
        }
        return switch (object.outcome()) {
            case Supplied.Gone() -> {
                // It may have been out of sight alone: the next listing that has it looks at it.
                again = true;
                gone.add(object.key());
                yield Mark.PASSED;
            }
            case Supplied.Known(Ruling ruling) ->
                known(
                        object,
                        RulingRules.rule(
                                policy,
                                terms.rules().siteAllowlist(),
                                new ObjectEvidence.Known(hash(object).orElseThrow(), ruling)));
            case Supplied.Listed(Optional<Ruling> imported) ->
                mark(
                        object,
                        RulingRules.rule(
                                policy,
                                terms.rules().siteAllowlist(),
                                new ObjectEvidence.Listed(hash(object).orElseThrow(), imported)),
                        "");
            case Supplied.Unreadable(InconclusiveReason reason, String detail) -> {
                Ruling ruling = RulingRules.rule(
                        policy, terms.rules().siteAllowlist(), new ObjectEvidence.Unreadable(hash(object), reason));
                yield mark(object, ruling, detail);
            }
            case Supplied.Views _ -> {
                Ruling ruling = RulingRules.rule(
                        policy,
                        terms.rules().siteAllowlist(),
                        new ObjectEvidence.Scored(hash(object).orElseThrow(), scores));
                yield waits(object, scores, ruling) ? Mark.WAITING : mark(object, ruling, "no view came of it");
            }
        };
    }

    /// Whether a further bundle has to score it first, and can: then it is not ruled yet.
    private boolean waits(Supplied object, ViewScores scores, Ruling ruling) {
        if (!(ruling instanceof Ruling.Inconclusive(InconclusiveReason reason, var _))
                || reason != InconclusiveReason.FURTHER_BUNDLE_MISSING) {
            return false;
        }
        OptionalInt bundle = policy.waitsFor(scores);
        bundle.ifPresent(place -> waiting.add(place, object, scores));
        return bundle.isPresent();
    }

    private Mark known(Supplied object, Ruling ruling) {
        Mark mark = mark(object, ruling, "");
        if (mark == Mark.CLEARED) {
            known++;
            return Mark.PASSED;
        }
        return mark;
    }

    /// @param detail of an inconclusive ruling that has none itself
    private Mark mark(Supplied object, Ruling ruling, String detail) {
        return switch (ruling) {
            case Ruling.Cleared(Ruling.Cleared.Why why) -> {
                byScores = why == Ruling.Cleared.Why.NO_RULE_HOLDS || why == Ruling.Cleared.Why.KNOWN_CONTENT;
                cleared.add(object.key());
                yield Mark.CLEARED;
            }
            case Ruling.Flagged found -> {
                flagged.add(new FlaggedObject(
                        reference(object),
                        object.sha256().orElseThrow(),
                        found,
                        vouching.atMost(found, policy.policy().ceiling(found.ruleId())),
                        policy.policy().quorum(found.ruleId()).lackingAfterOne(),
                        found.by() == Ruling.Flagged.By.SCORES
                                ? present.map(scores -> ScoreBlock.of(scores).by(policy.scored()))
                                : Optional.empty()));
                yield Mark.FLAGGED;
            }
            case Ruling.Inconclusive(InconclusiveReason reason, String own) ->
                inconclusiveMark(object, reason, own.isEmpty() ? detail : own);
        };
    }

    private Mark inconclusiveMark(Supplied object, InconclusiveReason reason, String detail) {
        again |= passing(reason);
        inconclusive.add(new InconclusiveObject(reference(object), reason, detail));
        return Mark.INCONCLUSIVE;
    }

    /// Whether the next scan may well do better.
    static boolean passing(InconclusiveReason reason) {
        return switch (reason) {
            case UNREACHABLE,
                    CHANGED_WHILE_READ,
                    UNREADABLE,
                    DECODER_CRASHED,
                    DECODER_TIMED_OUT,
                    DECODER_OUT_OF_MEMORY,
                    POISON -> true;
            case INCONCLUSIVE_REASON_UNSPECIFIED,
                    UNKNOWN_FORMAT,
                    EMPTY,
                    TRUNCATED,
                    CORRUPT,
                    TOO_MANY_PIXELS,
                    TOO_LARGE,
                    TOO_LONG,
                    UNSUPPORTED,
                    DISAGREEMENT,
                    OUT_OF_SCOPE,
                    UNDECIDED_BY_POLICY,
                    FURTHER_BUNDLE_MISSING,
                    UNRECOGNIZED -> false;
        };
    }

    /// Gathers what the digest is over: the digest of one long message costs a third of that of many short ones.
    private void commit(Supplied object, Mark mark) {
        byte[] key = object.key().getBytes(StandardCharsets.UTF_8);
        byte[] version = object.version().getBytes(StandardCharsets.UTF_8);
        int length = 2 * Integer.BYTES + key.length + version.length + Digest.LENGTH + 2;
        if (gathered.remaining() < length) {
            digestGathered();
        }
        if (gathered.remaining() < length) {
            gathered = ByteBuffer.allocate(length);
        }
        gathered.putInt(key.length).put(key).putInt(version.length).put(version);
        gathered.put((byte) (object.sha256().isPresent() ? 1 : 0));
        object.sha256().ifPresent(hash -> hash.bytes().copyTo(gathered));
        gathered.put((byte) mark.ordinal());
    }

    private void digestGathered() {
        all.update(gathered.array(), 0, gathered.position());
        gathered.clear();
    }

    private static Optional<Digest> hash(Supplied object) {
        return object.sha256();
    }

    private static ObjectReference reference(Supplied object) {
        return new ObjectReference(
                object.key(), object.version(), object.bytes(), Instant.ofEpochMilli(object.modifiedMillis()));
    }
}
