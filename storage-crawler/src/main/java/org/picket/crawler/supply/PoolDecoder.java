package org.picket.crawler.supply;

import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import org.picket.crawler.image.Decoded;
import org.picket.crawler.image.DecoderPool;
import org.picket.crawler.image.View;
import org.picket.crawler.image.structure.Reason;
import org.picket.proto.v1.InconclusiveReason;
import org.picket.runtime.channel.Pixels;

/// Decodes in the child processes of a pool.
///
/// @param pool stays the caller's to close
public record PoolDecoder(DecoderPool pool) implements ObjectDecoder {

    @Override
    public Viewed decode(byte[] bytes, int viewSize, long maxPixels, boolean fingerprinted) {
        try {
            return switch (pool.decode(bytes, bytes.length, viewSize, maxPixels, fingerprinted)) {
                case Decoded.Views views -> {
                    List<Pixels> pixels = new ArrayList<>(views.views().size());
                    for (View view : views.views()) {
                        pixels.add(Pixels.pooled(view.pixels(), pool.arrays()));
                    }
                    yield new Viewed.Views(pixels, views.fingerprints());
                }
                case Decoded.Undecodable none -> new Viewed.None(reason(none.reason()), none.detail());
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Status.UNAVAILABLE.withDescription("the crawler is stopping").asRuntimeException();
        }
    }

    private static InconclusiveReason reason(Reason reason) {
        return switch (reason) {
            case UNKNOWN_FORMAT -> InconclusiveReason.UNKNOWN_FORMAT;
            case EMPTY -> InconclusiveReason.EMPTY;
            case TRUNCATED -> InconclusiveReason.TRUNCATED;
            case CORRUPT -> InconclusiveReason.CORRUPT;
            case TOO_MANY_PIXELS -> InconclusiveReason.TOO_MANY_PIXELS;
            case TOO_LARGE -> InconclusiveReason.TOO_LARGE;
            case TOO_LONG -> InconclusiveReason.TOO_LONG;
            case UNSUPPORTED -> InconclusiveReason.UNSUPPORTED;
            case DECODER_CRASHED -> InconclusiveReason.DECODER_CRASHED;
            case DECODER_TIMED_OUT -> InconclusiveReason.DECODER_TIMED_OUT;
            case DECODER_OUT_OF_MEMORY -> InconclusiveReason.DECODER_OUT_OF_MEMORY;
        };
    }
}
