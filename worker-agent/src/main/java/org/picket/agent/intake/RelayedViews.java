package org.picket.agent.intake;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Optional;
import org.picket.proto.relay.FrameCipher;
import org.picket.proto.relay.KeyExchange;
import org.picket.proto.relay.KeyExchange.Agreed;
import org.picket.proto.v1.Grant;
import org.picket.proto.v1.RelayHello;
import org.picket.proto.v1.RelayOpening;
import org.picket.proto.v1.RelayPart;
import org.picket.runtime.channel.RelayPiece;
import org.picket.runtime.channel.RelayWire;
import org.picket.runtime.channel.SealedFrames;
import org.picket.runtime.channel.ViewFrame;
import org.picket.runtime.identity.Party;
import org.picket.runtime.relay.Introduction;

/// Views that come over the relay, sealed by the crawler that the grant names for this agent alone.
///
/// @param relay a channel to the coordinator with this agent's certificate, for nothing else: views that wait
/// would keep the answers to other calls waiting
/// @param introduction of this agent
/// @param directFailed whether the crawler could not be reached directly
record RelayedViews(Channel relay, Introduction introduction, boolean directFailed) implements ViewSource {
    private static final Opened NOTHING = new Opened() {
        @Override
        public void request(int frames) {
            // Nothing comes.
        }

        @Override
        public void cancel() {
            // There is nothing to end.
        }
    };

    @Override
    public Route route() {
        return Route.RELAY;
    }

    @Override
    public Opened open(Grant grant, int frames, Taker taker) {
        Optional<Introduction.Begun> begun = Introduction.statement(grant.getTicket())
                .flatMap(ticket -> Introduction.id(grant.getRelay().getCrawlerKeyId())
                        .flatMap(crawler -> introduction.begin(KeyExchange.End.AGENT, ticket, Optional.of(crawler))));
        if (begun.isEmpty()) {
            taker.closed(Status.UNAVAILABLE.withDescription(
                    "this agent has no certificate, or a grant that it cannot" + " use at the relay"));
            return NOTHING;
        }
        ClientCall<RelayPiece, RelayPiece> call = relay.newCall(RelayWire.OPEN, CallOptions.DEFAULT);
        Party crawler = new Party(Party.Kind.CRAWLER, grant.getRelay().getCrawlerMemberId());
        call.start(new Listener(call, begun.get(), crawler, taker), new Metadata());
        // One for the crawler's hello.
        call.request(frames + 1);
        call.sendMessage(new RelayPiece.Word(RelayPart.newBuilder()
                .setOpening(RelayOpening.newBuilder()
                        .setTicket(grant.getTicket())
                        .setHello(begun.get().hello())
                        .setDirectFailed(directFailed))
                .build()));
        call.halfClose();
        return new CalledViews.OfCall(call);
    }

    private final class Listener extends ClientCall.Listener<RelayPiece> {
        private final ClientCall<RelayPiece, RelayPiece> call;
        private final Introduction.Begun begun;
        private final Party crawler;
        private final Taker taker;
        private Optional<SealedFrames> frames = Optional.empty();
        private boolean refused;

        Listener(ClientCall<RelayPiece, RelayPiece> call, Introduction.Begun begun, Party crawler, Taker taker) {
            this.call = call;
            this.begun = begun;
            this.crawler = crawler;
            this.taker = taker;
        }

        @Override
        public void onMessage(RelayPiece piece) {
            if (refused) {
                return;
            }
            switch (piece) {
                case RelayPiece.Frame frame -> take(frame);
                case RelayPiece.Word word -> {
                    if (word.part().hasHello() && frames.isEmpty()) {
                        meet(word.part().getHello());
                    } else {
                        refuse("a part came that does not belong there");
                    }
                }
            }
        }

        private void meet(RelayHello hello) {
            switch (introduction.answer(begun, hello, crawler::equals)) {
                case Agreed.Refused no -> refuse("the crawler at the relay is not believed: " + no.why());
                case Agreed.Key key -> frames = Optional.of(new SealedFrames(FrameCipher.opening(key.frames())));
            }
        }

        private void take(RelayPiece.Frame frame) {
            if (frames.isEmpty()) {
                frame.release();
                refuse("a frame came before the crawler had shown who it is");
                return;
            }
            try {
                ViewFrame opened = frames.get().open(frame);
                taker.take(opened);
            } catch (GeneralSecurityException _) {
                refuse("a sealed frame does not open: it was changed, left out or repeated on its way");
            } catch (IOException e) {
                refuse("a sealed frame is no views message: " + e.getMessage());
            }
        }

        /// Says nothing of the shard: whatever came, it was not what the crawler sent.
        private void refuse(String why) {
            refused = true;
            call.cancel(why, Status.UNAVAILABLE.asException());
            taker.closed(Status.UNAVAILABLE.withDescription(why));
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            if (refused) {
                return;
            }
            boolean cut = status.isOk() && !frames.map(SealedFrames::over).orElse(false);
            taker.closed(cut ? Status.UNAVAILABLE.withDescription("the relay ended the stream early") : status);
        }
    }
}
