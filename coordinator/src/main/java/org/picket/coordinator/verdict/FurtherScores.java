package org.picket.coordinator.verdict;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.picket.coordinator.lease.Lease;
import org.picket.coordinator.policy.ViewAggregate;
import org.picket.coordinator.ruling.ViewScores;
import org.picket.coordinator.shard.WaitingObject;
import org.picket.coordinator.supply.Supplied;
import org.picket.proto.v1.InconclusiveReason;

/// A further bundle's scores, together with those that its objects have already: for each view the earlier ones,
/// then the new ones.
///
/// Only scores of one content are put together. An object that has another version or content by now is
/// INCONCLUSIVE, and so is one whose numbers of views differ where rules look at views one by one; where they look
/// at the highest score of all, the last view of the fewer ones stands for those that lack, which changes nothing.
///
/// @param objects as they are to be ruled
/// @param scores of their views
record FurtherScores(List<Supplied> objects, short[] scores) {

    /// @param lease of a follow-up, locked
    static FurtherScores of(Lease lease, Judgement.Fits fits) {
        Map<String, WaitingObject> waiting = lease.shard().followUp().orElseThrow().objects().stream()
                .collect(Collectors.toMap(WaitingObject::key, Function.identity()));
        boolean eachView = lease.terms().rules().policy().policy().views() instanceof ViewAggregate.KOfN;
        List<Supplied> objects = new ArrayList<>(fits.objects().size());
        List<short[]> scores = new ArrayList<>();
        int concepts = lease.concepts();
        int from = 0;
        for (Supplied object : fits.objects()) {
            int views = object.views();
            if (views == 0) {
                objects.add(object);
                continue;
            }
            WaitingObject earlier = waiting.get(object.key());
            if (!object.version().equals(earlier.version())
                    || !object.sha256().map(earlier.sha256()::equals).orElse(false)) {
                objects.add(unclear(
                        object,
                        InconclusiveReason.CHANGED_WHILE_READ,
                        "it changed before a further bundle could score it"));
            } else if (eachView && views != earlier.views()) {
                objects.add(unclear(
                        object,
                        InconclusiveReason.DISAGREEMENT,
                        "two bundles see it in " + earlier.views() + " and in " + views + " views"));
            } else {
                ViewScores both = earlier(earlier).beside(new ViewScores(fits.scores(), from, views, concepts));
                scores.add(both.q());
                objects.add(seen(object, both.views()));
            }
            from += views * concepts;
        }
        return new FurtherScores(objects, joined(scores));
    }

    private static ViewScores earlier(WaitingObject object) {
        return new ViewScores(object.scores(), 0, object.views(), object.scores().length / object.views());
    }

    private static short[] joined(List<short[]> parts) {
        short[] all = new short[parts.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (short[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    private static Supplied unclear(Supplied object, InconclusiveReason reason, String detail) {
        return object.with(new Supplied.Unreadable(reason, detail));
    }

    /// With as many views as there are scores; their pixels have been checked before.
    private static Supplied seen(Supplied object, int views) {
        if (views == object.views() || !(object.outcome() instanceof Supplied.Views(List<ByteString> digests))) {
            return object;
        }
        List<ByteString> padded = new ArrayList<>(digests);
        while (padded.size() < views) {
            padded.add(digests.getLast());
        }
        return object.with(new Supplied.Views(padded));
    }
}
