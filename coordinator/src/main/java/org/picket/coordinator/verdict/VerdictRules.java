package org.picket.coordinator.verdict;

import com.google.protobuf.ByteString;
import java.util.List;
import org.picket.coordinator.lease.Lease;
import org.picket.coordinator.supply.Supplied;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.ReportRejected;
import org.picket.proto.v1.VerdictStatement;

/// Whether a verdict, whose signature and fence are right already, fits the lease it is about. Changes nothing.
final class VerdictRules {
    private VerdictRules() {}

    /// Holds a verdict against the terms and the supply of its lease, whose lock is held.
    ///
    /// @param scores as they came with it
    static Judgement judge(Lease lease, VerdictStatement verdict, ByteString scores) {
        if (!verdict.getBundleDigest().equals(lease.scoring().bundle().bytes())) {
            return unfit(ReportRejected.Reason.WRONG_BUNDLE, "the lease is for another bundle");
        }
        if (!verdict.getPreprocessingDigest()
                .equals(lease.scoring().preprocessingDigest().bytes())) {
            return unfit(ReportRejected.Reason.WRONG_PREPROCESSING, "the lease is for another preprocessing");
        }
        int from = verdict.getFrom();
        int to = verdict.getTo();
        if (from != lease.ruled() || to <= from || to - from > lease.unruled()) {
            return unfit(
                    ReportRejected.Reason.WRONG_RANGE,
                    "the next object is number " + lease.ruled() + ", and " + lease.unruled() + " were supplied");
        }
        if (!lease.segmentEndsAt(to)) {
            return unfit(ReportRejected.Reason.WRONG_RANGE, "a verdict ends where a segment ends");
        }
        List<Supplied> objects = lease.next(to - from);
        return pixels(lease.concepts(), verdict, objects, scores);
    }

    private static Judgement pixels(int concepts, VerdictStatement verdict, List<Supplied> objects, ByteString scores) {
        int views = 0;
        for (Supplied object : objects) {
            views += object.views();
        }
        byte[] all = new byte[views * Digest.LENGTH];
        int at = 0;
        for (Supplied object : objects) {
            if (object.outcome() instanceof Supplied.Views(List<ByteString> digests)) {
                for (ByteString digest : digests) {
                    digest.copyTo(all, at);
                    at += Digest.LENGTH;
                }
            }
        }
        if (verdict.getViews() != views
                || !verdict.getViewsDigest().equals(Digest.of(all).bytes())) {
            return unfit(
                    ReportRejected.Reason.WRONG_VIEWS,
                    "the " + views + " views supplied are not the " + verdict.getViews() + " views judged");
        }
        if (scores.size() != (long) views * concepts * Short.BYTES) {
            return unfit(
                    ReportRejected.Reason.WRONG_SCORES,
                    views + " views of " + concepts + " concepts do not make " + scores.size() + " bytes");
        }
        if (!verdict.getScoresDigest().equals(Digest.of(scores).bytes())) {
            return unfit(ReportRejected.Reason.WRONG_SCORES, "the scores are not those that were signed");
        }
        short[] read = new short[views * concepts];
        scores.asReadOnlyByteBuffer().asShortBuffer().get(read);
        return new Judgement.Fits(objects, read);
    }

    private static Judgement unfit(ReportRejected.Reason reason, String detail) {
        return new Judgement.Unfit(reason, detail);
    }
}
