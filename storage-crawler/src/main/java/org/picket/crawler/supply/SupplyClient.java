package org.picket.crawler.supply;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.picket.crawler.match.SetName;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.Inconclusive;
import org.picket.proto.v1.InconclusiveReason;
import org.picket.proto.v1.Listed;
import org.picket.proto.v1.OpenViewsRequest;
import org.picket.proto.v1.ProbeRequest;
import org.picket.proto.v1.ProbeResponse;
import org.picket.proto.v1.ResolveRequest;
import org.picket.proto.v1.ResolveResponse;
import org.picket.proto.v1.SuppliedObject;
import org.picket.proto.v1.SuppliedViews;
import org.picket.proto.v1.SuppliesGrpc.SuppliesBlockingStub;
import org.picket.proto.v1.SupplyReport;
import org.picket.proto.v1.TicketStatement;
import org.picket.runtime.channel.Attempts;
import org.picket.runtime.channel.Pixels;

/// What the supply asks of the coordinator, in the terms of this package. Calls block, and are made again where
/// the coordinator is out of reach for a moment.
final class SupplyClient {
    private final SuppliesBlockingStub supplies;
    private final Attempts attempts;
    private final SupplySettings settings;

    SupplyClient(SuppliesBlockingStub supplies, Attempts attempts, SupplySettings settings) {
        this.supplies = supplies;
        this.attempts = attempts;
        this.settings = settings;
    }

    /// Asks once.
    ///
    /// @throws io.grpc.StatusRuntimeException where the coordinator does not honour the ticket
    Terms resolve(OpenViewsRequest request) {
        ResolveRequest asked =
                ResolveRequest.newBuilder().setTicket(request.getTicket()).build();
        ResolveResponse answer = supplies.resolve(asked);
        int version = answer.getPreprocessing().getVersion();
        if (version != Limits.PREPROCESSING_VERSION) {
            throw io.grpc.Status.FAILED_PRECONDITION
                    .withDescription("the bundle is for preprocessing " + version + ", and this crawler makes views by "
                            + Limits.PREPROCESSING_VERSION + "; bring both to one release")
                    .asRuntimeException();
        }
        TicketStatement ticket = ticket(request);
        Optional<Duration> oldest = answer.hasSince()
                ? Optional.of(Duration.ofMillis(answer.getSince().getMilliseconds()
                        + answer.getListingAge().getMilliseconds()))
                : Optional.empty();
        return new Terms(
                ticket.getFence(),
                ticket.getShardId(),
                Optional.of(answer.getAfterKey()).filter(key -> !key.isEmpty()),
                answer.getFirstKey(),
                answer.getLastKey(),
                answer.getPreprocessing().getViewSize(),
                new Terms.Most(
                        answer.getMaxBytes() > 0 ? answer.getMaxBytes() : settings.objectBytes(),
                        answer.getMaxPixels() > 0 ? answer.getMaxPixels() : Long.MAX_VALUE,
                        answer.getMaxObjects() > 0 ? answer.getMaxObjects() : Integer.MAX_VALUE),
                Optional.of(answer.getListsDigest())
                        .filter(digest -> !digest.isEmpty())
                        .map(digest -> new SetName(new Digest(digest), answer.getListsRevision())),
                oldest,
                Set.copyOf(answer.getPickedList()));
    }

    /// What it says; whether it is true, the coordinator knows.
    static TicketStatement ticket(OpenViewsRequest request) {
        try {
            return TicketStatement.parseFrom(request.getTicket().getStatement());
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw io.grpc.Status.PERMISSION_DENIED
                    .withDescription("the ticket is malformed")
                    .asRuntimeException();
        }
    }

    /// Tells for each hash whether its content is ruled already.
    List<ProbeResponse.Known> known(Terms terms, List<Digest> hashes) {
        ProbeRequest.Builder request =
                ProbeRequest.newBuilder().setFence(terms.fence()).setShardId(terms.shard());
        hashes.forEach(hash -> request.addSha256(hash.bytes()));
        ProbeRequest asked = request.build();
        ProbeResponse answer = attempts.call(() -> supplies.probe(asked));
        if (answer.getKnownCount() != hashes.size()) {
            throw io.grpc.Status.INTERNAL
                    .withDescription(
                            "a probe of " + hashes.size() + " hashes was answered for " + answer.getKnownCount())
                    .asRuntimeException();
        }
        return answer.getKnownList();
    }

    void report(Terms terms, int from, List<SuppliedObject> objects, boolean last) {
        SupplyReport report = SupplyReport.newBuilder()
                .setFence(terms.fence())
                .setShardId(terms.shard())
                .setFrom(from)
                .addAllObjects(objects)
                .setLast(last)
                .build();
        attempts.call(() -> supplies.report(report));
    }

    static SuppliedObject told(Supplied supplied) {
        SuppliedObject.Builder object = SuppliedObject.newBuilder()
                .setKey(supplied.reference().key())
                .setVersion(supplied.reference().version())
                .setBytes(supplied.reference().sizeBytes())
                .setModifiedMillis(supplied.reference().modified().toEpochMilli());
        supplied.sha256().ifPresent(hash -> object.setSha256(hash.bytes()));
        switch (supplied.fate()) {
            case Supplied.Fate.Seen seen -> {
                SuppliedViews.Builder views = SuppliedViews.newBuilder();
                for (Pixels view : seen.views()) {
                    views.addDigests(view.digest().bytes());
                }
                object.setViews(views);
            }
            case Supplied.Fate.Unclear unclear ->
                object.setInconclusive(
                        Inconclusive.newBuilder().setReason(unclear.reason()).setDetail(unclear.detail()));
            case Supplied.Fate.Known known -> object.setKnown(true);
            case Supplied.Fate.Listed listed -> {
                Listed.Builder hits = Listed.newBuilder();
                listed.hits().forEach(hit -> hits.addHits(hit.wire()));
                object.setListed(hits);
            }
            case Supplied.Fate.Gone gone -> object.setGone(true);
        }
        return object.build();
    }

    static Supplied.Fate unclear(InconclusiveReason reason, String detail) {
        return new Supplied.Fate.Unclear(reason, detail);
    }
}
