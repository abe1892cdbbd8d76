package org.picket.runtime.channel;

import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;

/// Turns frames into streams and back, compatible with `picket.v1.ViewMessage`.
final class FrameMarshaller implements MethodDescriptor.Marshaller<ViewFrame> {
    private final PixelPool pool;

    FrameMarshaller(PixelPool pool) {
        this.pool = pool;
    }

    @Override
    public InputStream stream(ViewFrame frame) {
        return new FrameStream(frame);
    }

    @Override
    public ViewFrame parse(InputStream stream) {
        if (stream instanceof FrameStream local) {
            return local.frame();
        }
        try {
            return FrameReader.read(stream, pool);
        } catch (IOException | IllegalArgumentException e) {
            throw Status.INTERNAL
                    .withDescription("a view message cannot be read: " + e.getMessage())
                    .withCause(e)
                    .asRuntimeException();
        }
    }
}
