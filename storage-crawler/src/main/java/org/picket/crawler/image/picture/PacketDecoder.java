package org.picket.crawler.image.picture;

import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.picket.crawler.image.structure.Av1Headers;
import org.picket.crawler.image.structure.Compression;
import org.picket.crawler.image.structure.Flaw;
import org.picket.crawler.image.structure.FlawedObject;
import org.picket.crawler.image.structure.Mpeg4Pictures;

/// Decodes single pictures of one track or item by FFmpeg's libavcodec; its demuxers, protocols and filters are
/// not used at all. Strict: a picture with any damage that the decoder notices is a flaw, and so is anything it
/// prints ([DecoderComplaints]).
final class PacketDecoder implements AutoCloseable {

    private static final int NO_MEMORY = -12;
    /// AV_FRAME_FLAG_CORRUPT.
    private static final int FRAME_CORRUPT = 1;

    static {
        avutil.av_log_set_level(avutil.AV_LOG_ERROR);
    }

    private final Compression compression;
    private final long maxPixels;
    private final AVCodecContext context;
    private final AVPacket packet;
    private final AVFrame frame;
    /// Whether AV1 data said so.
    private boolean still;

    /// @param setup what the decoder must know before the first picture; may be empty
    /// @param maxPixels a larger picture is refused before memory is taken for it
    PacketDecoder(Compression compression, byte[] setup, long maxPixels) {
        this.compression = compression;
        this.maxPixels = maxPixels;
        AVCodec codec = codec(compression);
        context = avcodec.avcodec_alloc_context3(codec);
        packet = avcodec.av_packet_alloc();
        frame = avutil.av_frame_alloc();
        try {
            context.thread_count(1);
            context.max_pixels(maxPixels);
            context.err_recognition(avcodec.AV_EF_CRCCHECK | avcodec.AV_EF_EXPLODE);
            if (setup.length > 0) {
                BytePointer extra =
                        new BytePointer(avutil.av_mallocz(setup.length + avcodec.AV_INPUT_BUFFER_PADDING_SIZE));
                extra.put(setup, 0, setup.length);
                context.extradata(extra).extradata_size(setup.length);
            }
            check(avcodec.avcodec_open2(context, codec, (AVDictionary) null));
        } catch (RuntimeException refused) {
            close();
            throw refused;
        }
    }

    /// Whether this build of the library can decode it.
    static boolean knows(Compression compression) {
        AVCodec codec = avcodec.avcodec_find_decoder_by_name(name(compression));
        return codec != null && !codec.isNull();
    }

    private static AVCodec codec(Compression compression) {
        if (!knows(compression)) {
            throw new FlawedObject(Flaw.COMPRESSION);
        }
        return avcodec.avcodec_find_decoder_by_name(name(compression));
    }

    private static String name(Compression compression) {
        return switch (compression) {
            case H264 -> "h264";
            case HEVC -> "hevc";
            case AV1 -> "libaom-av1";
            case VP8 -> "vp8";
            case VP9 -> "vp9";
            case MPEG4 -> "mpeg4";
            case GIF -> "gif";
        };
    }

    /// Gives the decoder the next coded picture. What comes of it is to be received before the next is sent.
    ///
    /// @param tag comes back with the picture
    void send(byte[] data, int from, int length, long tag) {
        if (compression == Compression.AV1) {
            still |= Av1Headers.check(data, from, length, maxPixels);
            if (still) {
                Av1Headers.checkOne(data, from, length);
            }
        }
        if (compression == Compression.MPEG4) {
            Mpeg4Pictures.checkOne(data, from, length);
        }
        check(avcodec.av_new_packet(packet, length));
        try {
            packet.data().put(data, from, length);
            packet.pts(tag).dts(tag);
            check(avcodec.avcodec_send_packet(context, packet));
        } finally {
            avcodec.av_packet_unref(packet);
        }
    }

    /// Says that no more pictures come before [#restart].
    void drain() {
        check(avcodec.avcodec_send_packet(context, (AVPacket) null));
    }

    /// Makes ready for a key frame.
    void restart() {
        avcodec.avcodec_flush_buffers(context);
    }

    /// The next decoded picture, valid until the next call; empty if there is none for now.
    Optional<AVFrame> receive() {
        int result = avcodec.avcodec_receive_frame(context, frame);
        if (result == avutil.AVERROR_EAGAIN() || result == avutil.AVERROR_EOF()) {
            return Optional.empty();
        }
        check(result);
        if (frame.decode_error_flags() != 0 || (frame.flags() & FRAME_CORRUPT) != 0) {
            throw new FlawedObject(Flaw.DATA_WARNED);
        }
        return Optional.of(frame);
    }

    private static void check(int result) {
        if (result == NO_MEMORY) {
            throw new FlawedObject(Flaw.OUT_OF_MEMORY);
        }
        if (result < 0) {
            throw new FlawedObject(Flaw.DATA);
        }
    }

    @Override
    public void close() {
        avutil.av_frame_free(frame);
        avcodec.av_packet_free(packet);
        avcodec.avcodec_free_context(context);
    }
}
