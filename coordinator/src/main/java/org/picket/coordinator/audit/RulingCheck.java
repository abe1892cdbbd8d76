package org.picket.coordinator.audit;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.picket.coordinator.ledger.EntryCheck;
import org.picket.coordinator.policy.PolicyEpoch;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.EpochRecord;
import org.picket.proto.v1.LedgerBody;
import org.picket.proto.v1.Mode;
import org.picket.proto.v1.RulingRecord;
import org.picket.proto.v1.Sealed;
import org.picket.proto.v1.VerdictStatement;

/// Checks that each verdict is ruled on by the entry after it, that rulings add up, and that epochs are what
/// they are made of. For one thread and one pass.
final class RulingCheck implements EntryCheck {
    private Optional<VerdictStatement> due = Optional.empty();
    /// Objects that wait for a further bundle, by the shard that they are out of.
    private final Map<Long, Long> waiting = new HashMap<>();

    @Override
    public Optional<String> check(long seq, LedgerBody body) {
        if (due.isPresent() && body.getBodyCase() != LedgerBody.BodyCase.RULING) {
            return Optional.of("the verdict before it is not followed by its ruling");
        }
        return switch (body.getBodyCase()) {
            case VERDICT -> verdict(body.getVerdict());
            case RULING -> ruling(body.getRuling());
            case EPOCH -> epoch(body.getEpoch());
            case ORDER, RECEIPT, KEY, LATE_VERDICT, FINDING, BODY_NOT_SET -> Optional.empty();
        };
    }

    private Optional<String> verdict(Sealed sealed) {
        try {
            VerdictStatement statement = VerdictStatement.parseFrom(sealed.getStatement());
            due = Optional.of(statement);
            return statement.getBundleDigest().size() == Digest.LENGTH
                            && statement.getPreprocessingDigest().size() == Digest.LENGTH
                            && statement.getScoresDigest().size() == Digest.LENGTH
                    ? Optional.empty()
                    : Optional.of("the verdict lacks a digest");
        } catch (InvalidProtocolBufferException e) {
            return Optional.of("the verdict cannot be read");
        }
    }

    private Optional<String> ruling(RulingRecord ruling) {
        Optional<VerdictStatement> verdict = due;
        due = Optional.empty();
        long objects = (long) ruling.getTo() - ruling.getFrom();
        long sum = (long) ruling.getCleared()
                + ruling.getFlagged()
                + ruling.getInconclusive()
                + ruling.getKnown()
                + ruling.getGone()
                + ruling.getWaiting();
        if (objects < 0 || sum != objects || ruling.getDigest().size() != Digest.LENGTH) {
            return Optional.of("the ruling tells of " + sum + " objects, and covers " + objects);
        }
        Optional<String> unasked = unasked(ruling, objects);
        return unasked.isPresent() ? unasked : unlike(verdict, ruling);
    }

    /// Follow-ups rule on no more objects than were left to them.
    private Optional<String> unasked(RulingRecord ruling, long objects) {
        boolean follows = ruling.getFollowsShardId() != 0;
        if (!follows && ruling.getWaiting() == 0) {
            return Optional.empty();
        }
        long slice = follows ? ruling.getFollowsShardId() : ruling.getShardId();
        long left = waiting.merge(slice, ruling.getWaiting() - (follows ? objects : 0), Long::sum);
        if (left == 0) {
            waiting.remove(slice);
        }
        return left < 0
                ? Optional.of("the ruling covers objects that did not wait for a further bundle")
                : Optional.empty();
    }

    private static Optional<String> unlike(Optional<VerdictStatement> verdict, RulingRecord ruling) {
        return verdict.filter(statement -> statement.getShardId() != ruling.getShardId()
                        || !statement.getFence().equals(ruling.getFence())
                        || statement.getFrom() != ruling.getFrom()
                        || statement.getTo() != ruling.getTo())
                .map(statement -> "the ruling is not about the objects of the verdict before it");
    }

    private static Optional<String> epoch(EpochRecord epoch) {
        if (epoch.getPolicyDigest().size() != Digest.LENGTH
                || epoch.getBundleDigest().size() != Digest.LENGTH
                || epoch.getPreprocessingDigest().size() != Digest.LENGTH
                || epoch.getFurtherBundleDigestsList().stream().anyMatch(digest -> digest.size() != Digest.LENGTH)
                || epoch.getMode() == Mode.MODE_UNSPECIFIED
                || epoch.getMode() == Mode.UNRECOGNIZED) {
            return Optional.of("the epoch lacks a part");
        }
        Digest made = PolicyEpoch.of(
                new Digest(epoch.getPolicyDigest()),
                new Digest(epoch.getBundleDigest()),
                new Digest(epoch.getPreprocessingDigest()),
                epoch.getFurtherBundleDigestsList().stream().map(Digest::new).toList());
        return made.bytes().equals(epoch.getPolicyEpoch())
                ? Optional.empty()
                : Optional.of("the epoch is not that of its policy, bundles and preprocessing");
    }
}
