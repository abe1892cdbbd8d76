package org.picket.runtime.channel;

import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import java.io.IOException;
import java.io.InputStream;
import org.picket.proto.v1.RelayGrpc;
import org.picket.proto.v1.RelayPart;

/// The streams of the service `picket.v1.Relay` with [RelayPiece] in place of the generated message. Any
/// protobuf client or server can stand at the other end.
public final class RelayWire {
    /// Arrays that a party keeps: more than are under way at once gain nothing.
    private static final int POOLED_FRAMES = 64;

    private static final FramePool POOL = new FramePool(POOLED_FRAMES);
    private static final MethodDescriptor.Marshaller<RelayPart> WORDS =
            ProtoUtils.marshaller(RelayPart.getDefaultInstance());

    /// The agent's end.
    public static final MethodDescriptor<RelayPiece, RelayPiece> OPEN = with(RelayGrpc.getOpenMethod());

    /// The crawler's end.
    public static final MethodDescriptor<RelayPiece, RelayPiece> SUPPLY = with(RelayGrpc.getSupplyMethod());

    private RelayWire() {}

    /// Whether a call carries frames, and its handler therefore never blocks.
    static boolean carriesFrames(MethodDescriptor<?, ?> method) {
        String name = method.getFullMethodName();
        return name.equals(OPEN.getFullMethodName()) || name.equals(SUPPLY.getFullMethodName());
    }

    static FramePool pool() {
        return POOL;
    }

    private static MethodDescriptor<RelayPiece, RelayPiece> with(MethodDescriptor<RelayPart, RelayPart> method) {
        return method.toBuilder(new Pieces(), new Pieces()).build();
    }

    private static final class Pieces implements MethodDescriptor.Marshaller<RelayPiece> {
        @Override
        public InputStream stream(RelayPiece piece) {
            return switch (piece) {
                case RelayPiece.Frame frame -> new RelayStream(frame);
                case RelayPiece.Word word -> WORDS.stream(word.part());
            };
        }

        @Override
        public RelayPiece parse(InputStream stream) {
            try {
                return RelayReader.read(stream, POOL);
            } catch (IOException e) {
                throw Status.INVALID_ARGUMENT
                        .withDescription("a part of a relay's stream cannot be read: " + e.getMessage())
                        .withCause(e)
                        .asRuntimeException();
            }
        }
    }
}
