package org.picket.model.samples;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.util.List;
import java.util.Map;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/// Encodes pictures of one size as a video or as an AVIF by FFmpeg's libraries, in memory. The same pictures
/// give the same bytes.
final class FilmEncoder {
    /// What is written.
    ///
    /// @param container name of the muxer
    /// @param codec name of the encoder
    /// @param settings of the encoder
    record Kind(String container, String codec, Map<String, String> settings) {}

    static final Kind MP4 = new Kind("mp4", "libopenh264", Map.of("rc_mode", "quality", "b", "3000000"));
    static final Kind WEBM =
            new Kind("webm", "libvpx", Map.of("b", "3000000", "crf", "10", "deadline", "realtime", "cpu-used", "8"));
    static final Kind AVIF =
            new Kind("avif", "libaom-av1", Map.of("crf", "24", "b", "0", "cpu-used", "8", "still-picture", "1"));

    static {
        // The encoders remark on every setting.
        avutil.av_log_set_level(avutil.AV_LOG_FATAL);
    }

    private final AVFormatContext file = new AVFormatContext(null);
    private final AVIOContext buffer = new AVIOContext(null);
    private final AVCodecContext encoder;
    private final AVPacket packet = avcodec.av_packet_alloc();
    private final AVStream stream;

    private FilmEncoder(Kind kind, int width, int height, int framesASecond) {
        AVCodec codec = avcodec.avcodec_find_encoder_by_name(kind.codec());
        if (codec == null || codec.isNull()) {
            throw new IllegalStateException("FFmpeg cannot write " + kind.container() + " on this machine.");
        }
        check(avformat.avformat_alloc_output_context2(file, null, kind.container(), null), kind);
        check(avformat.avio_open_dyn_buf(buffer), kind);
        file.pb(buffer);
        file.flags(file.flags() | AVFormatContext.AVFMT_FLAG_BITEXACT);
        stream = avformat.avformat_new_stream(file, null);
        encoder = avcodec.avcodec_alloc_context3(codec);
        encoder.width(width).height(height).pix_fmt(avutil.AV_PIX_FMT_YUV420P).thread_count(1);
        encoder.time_base().num(1).den(framesASecond);
        encoder.framerate().num(framesASecond).den(1);
        encoder.gop_size(framesASecond);
        encoder.colorspace(avutil.AVCOL_SPC_SMPTE170M).color_range(avutil.AVCOL_RANGE_MPEG);
        encoder.flags(encoder.flags() | avcodec.AV_CODEC_FLAG_BITEXACT);
        if ((file.oformat().flags() & avformat.AVFMT_GLOBALHEADER) != 0) {
            encoder.flags(encoder.flags() | avcodec.AV_CODEC_FLAG_GLOBAL_HEADER);
        }
        AVDictionary settings = new AVDictionary(null);
        kind.settings().forEach((name, value) -> avutil.av_dict_set(settings, name, value, 0));
        int opened = avcodec.avcodec_open2(encoder, codec, settings);
        avutil.av_dict_free(settings);
        check(opened, kind);
        check(avcodec.avcodec_parameters_from_context(stream.codecpar(), encoder), kind);
        stream.time_base(encoder.time_base());
        check(avformat.avformat_write_header(file, (AVDictionary) null), kind);
    }

    /// The file's bytes.
    ///
    /// @param frames of one size, whose sides are even
    static byte[] encode(Kind kind, List<BufferedImage> frames, int framesASecond) {
        BufferedImage first = frames.getFirst();
        FilmEncoder film = new FilmEncoder(kind, first.getWidth(), first.getHeight(), framesASecond);
        for (int time = 0; time < frames.size(); time++) {
            film.add(kind, frames.get(time), time);
        }
        return film.end(kind);
    }

    private void add(Kind kind, BufferedImage image, int time) {
        AVFrame frame = avutil.av_frame_alloc();
        frame.width(image.getWidth()).height(image.getHeight()).format(avutil.AV_PIX_FMT_YUV420P);
        frame.colorspace(avutil.AVCOL_SPC_SMPTE170M).color_range(avutil.AVCOL_RANGE_MPEG);
        check(avutil.av_frame_get_buffer(frame, 0), kind);
        fill(frame, image);
        frame.pts(time);
        check(avcodec.avcodec_send_frame(encoder, frame), kind);
        avutil.av_frame_free(frame);
        write(kind);
    }

    private void write(Kind kind) {
        while (avcodec.avcodec_receive_packet(encoder, packet) >= 0) {
            packet.stream_index(0);
            avcodec.av_packet_rescale_ts(packet, encoder.time_base(), stream.time_base());
            check(avformat.av_interleaved_write_frame(file, packet), kind);
        }
    }

    private byte[] end(Kind kind) {
        check(avcodec.avcodec_send_frame(encoder, null), kind);
        write(kind);
        check(avformat.av_write_trailer(file), kind);
        BytePointer bytes = new BytePointer((Pointer) null);
        byte[] result = new byte[avformat.avio_close_dyn_buf(buffer, bytes)];
        bytes.get(result);
        avutil.av_free(bytes);
        avcodec.avcodec_free_context(encoder);
        avcodec.av_packet_free(packet);
        avformat.avformat_free_context(file);
        return result;
    }

    /// Luma and chroma by BT.601 in limited range; chroma is the mean of four pixels.
    private static void fill(AVFrame frame, BufferedImage image) {
        int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
        int width = image.getWidth();
        int height = image.getHeight();
        byte[] luma = new byte[width];
        byte[] blue = new byte[width / 2];
        byte[] red = new byte[width / 2];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int rgb = pixels[y * width + x];
                luma[x] = (byte) (16 + (66 * (rgb >> 16 & 255) + 129 * (rgb >> 8 & 255) + 25 * (rgb & 255) + 128 >> 8));
            }
            frame.data(0).position((long) y * frame.linesize(0)).put(luma, 0, width);
            if (y % 2 == 0) {
                for (int x = 0; x < width / 2; x++) {
                    int[] mean = mean(pixels, width, 2 * x, y);
                    blue[x] = (byte) (128 + (-38 * mean[0] - 74 * mean[1] + 112 * mean[2] + 128 >> 8));
                    red[x] = (byte) (128 + (112 * mean[0] - 94 * mean[1] - 18 * mean[2] + 128 >> 8));
                }
                frame.data(1).position((long) y / 2 * frame.linesize(1)).put(blue, 0, blue.length);
                frame.data(2).position((long) y / 2 * frame.linesize(2)).put(red, 0, red.length);
            }
        }
    }

    private static int[] mean(int[] pixels, int width, int x, int y) {
        int[] sum = new int[3];
        for (int at : new int[] {y * width + x, y * width + x + 1, (y + 1) * width + x, (y + 1) * width + x + 1}) {
            sum[0] += pixels[at] >> 16 & 255;
            sum[1] += pixels[at] >> 8 & 255;
            sum[2] += pixels[at] & 255;
        }
        return new int[] {sum[0] / 4, sum[1] / 4, sum[2] / 4};
    }

    private static void check(int result, Kind kind) {
        if (result < 0) {
            throw new IllegalStateException("FFmpeg could not write " + kind.container() + ", error " + result + ".");
        }
    }
}
