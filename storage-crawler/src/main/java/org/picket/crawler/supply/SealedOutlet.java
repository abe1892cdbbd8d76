package org.picket.crawler.supply;

import io.grpc.ClientCall;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.picket.proto.v1.RelayPart;
import org.picket.proto.v1.RelayRefusal;
import org.picket.runtime.channel.FrameOutlet;
import org.picket.runtime.channel.RelayPiece;
import org.picket.runtime.channel.SealedFrames;
import org.picket.runtime.channel.ViewFrame;

/// The agent behind the relay: frames are sealed for it, and sent as far as the relay gives credit.
final class SealedOutlet implements FrameOutlet {
    private static final int MOST_DESCRIPTION = 300;
    private static final Runnable NOBODY = () -> {};

    private final ClientCall<RelayPiece, RelayPiece> call;
    private final SealedFrames frames;
    private final AtomicLong credit = new AtomicLong();
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile Runnable ready = NOBODY;
    private volatile Runnable gone = NOBODY;

    SealedOutlet(ClientCall<RelayPiece, RelayPiece> call, SealedFrames frames) {
        this.call = call;
        this.frames = frames;
    }

    @Override
    public void listen(Runnable toldReady, Runnable toldGone) {
        ready = toldReady;
        gone = toldGone;
        if (over.get()) {
            toldGone.run();
        }
    }

    /// The relay takes so many bytes more.
    void credit(int bytes) {
        credit.addAndGet(bytes);
        ready.run();
    }

    /// The transport takes more.
    void ready() {
        ready.run();
    }

    /// The agent or the relay is gone.
    void gone() {
        if (over.compareAndSet(false, true)) {
            gone.run();
        }
    }

    @Override
    public boolean isReady() {
        return credit.get() > 0 && call.isReady();
    }

    @Override
    public void send(ViewFrame frame) {
        RelayPiece.Frame sealed = frames.seal(frame);
        credit.addAndGet(-sealed.length());
        call.sendMessage(sealed);
    }

    @Override
    public void end(Status status) {
        if (!status.isOk()) {
            String said = status.getDescription() == null ? "" : status.getDescription();
            call.sendMessage(new RelayPiece.Word(RelayPart.newBuilder()
                    .setRefusal(RelayRefusal.newBuilder()
                            .setCode(status.getCode().value())
                            .setDescription(said.substring(0, Math.min(MOST_DESCRIPTION, said.length()))))
                    .build()));
        }
        call.halfClose();
    }
}
