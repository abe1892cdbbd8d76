package org.picket.crawler.image.structure;

import java.util.Optional;

/// The kinds of moving or still picture data that are decoded here.
public enum Compression {
    H264,
    HEVC,
    AV1,
    VP8,
    VP9,
    MPEG4,
    /// The codes of a GIF's frame, wrapped up as a GIF.
    GIF;

    /// Whether pictures come out in the order in which they go in, and at once. Of these codings, some pictures are
    /// made to be built upon and never shown.
    public boolean isShownInOrder() {
        return switch (this) {
            case AV1, VP8, VP9, GIF -> true;
            case H264, HEVC, MPEG4 -> false;
        };
    }

    /// By the type of a sample entry or an item in an ISO media file.
    static Optional<Compression> ofIso(String type) {
        return switch (type) {
            case "avc1", "avc3" -> Optional.of(H264);
            case "hvc1", "hev1" -> Optional.of(HEVC);
            case "av01" -> Optional.of(AV1);
            case "vp08" -> Optional.of(VP8);
            case "vp09" -> Optional.of(VP9);
            case "mp4v" -> Optional.of(MPEG4);
            default -> Optional.empty();
        };
    }

    /// By the name of a codec in a Matroska file.
    static Optional<Compression> ofMatroska(String name) {
        return switch (name) {
            case "V_VP8" -> Optional.of(VP8);
            case "V_VP9" -> Optional.of(VP9);
            case "V_AV1" -> Optional.of(AV1);
            case "V_MPEG4/ISO/AVC" -> Optional.of(H264);
            case "V_MPEGH/ISO/HEVC" -> Optional.of(HEVC);
            case "V_MPEG4/ISO/ASP", "V_MPEG4/ISO/SP" -> Optional.of(MPEG4);
            default -> Optional.empty();
        };
    }
}
