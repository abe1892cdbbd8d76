package org.picket.coordinator.finding;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;
import org.picket.coordinator.ruling.Basis;
import org.picket.coordinator.ruling.Ruling;
import org.picket.proto.v1.Finding;
import org.picket.proto.v1.ScoreBasis;

/// The scores that a finding rests on, as they stand in its row and on the wire: one form for both.
final class BasisBytes {
    private BasisBytes() {}

    static List<ScoreBasis> wire(List<Basis> basis) {
        return basis.stream()
                .map(test -> ScoreBasis.newBuilder()
                        .setConcept(test.concept())
                        .setScore(test.score())
                        .setThreshold(test.threshold())
                        .setAtLeast(test.side() == Basis.Side.REACHED)
                        .build())
                .toList();
    }

    static byte[] of(List<Basis> basis) {
        return Finding.newBuilder().addAllScores(wire(basis)).build().toByteArray();
    }

    static List<Basis> parse(byte[] bytes) {
        try {
            return Finding.parseFrom(bytes).getScoresList().stream()
                    .map(test -> new Basis(
                            test.getConcept(),
                            test.getScore(),
                            test.getThreshold(),
                            test.getAtLeast() ? Basis.Side.REACHED : Basis.Side.BELOW))
                    .toList();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the basis of a stored finding cannot be read", e);
        }
    }

    /// As people read where a flag came from.
    static String words(Ruling.Flagged.By by) {
        return switch (by) {
            case SCORES -> "scores";
            case DENY_LIST -> "deny list";
            case KNOWN_CONTENT -> "known content";
        };
    }
}
