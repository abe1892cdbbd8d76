package org.picket.crawler.image.structure;

/// All that can be wrong with an object. A child names one by its number and can say nothing else, so that
/// nothing of an object, nor words of a child that an object has taken over, gets into a message.
public enum Flaw {
    EMPTY(Reason.EMPTY, "no bytes"),
    UNKNOWN(Reason.UNKNOWN_FORMAT, "no known picture format"),
    ENDS_EARLY(Reason.TRUNCATED, "ends before the picture does"),
    NO_END_MARK(Reason.TRUNCATED, "the end mark is missing"),
    PARTS_MISSING(Reason.TRUNCATED, "parts of the picture are missing"),
    HEADER(Reason.CORRUPT, "the header contradicts the format"),
    STRUCTURE(Reason.CORRUPT, "the structure contradicts the format"),
    CHECKSUM(Reason.CORRUPT, "a checksum is wrong"),
    DATA(Reason.CORRUPT, "the picture data cannot be decoded"),
    DATA_WARNED(Reason.CORRUPT, "the decoder met damaged picture data"),
    SIZE_DIFFERS(Reason.CORRUPT, "decoded to another size than announced"),
    NO_PIXELS(Reason.CORRUPT, "a side of the picture is 0"),
    PIXELS(Reason.TOO_MANY_PIXELS, "too many pixels"),
    FRAME_PIXELS(Reason.TOO_MANY_PIXELS, "too many pixels over all frames"),
    BYTES(Reason.TOO_LARGE, "too many bytes"),
    LONG(Reason.TOO_LONG, "one side is more than eight times the other"),
    FRAMES(Reason.TOO_LONG, "more pictures in a video than are counted"),
    PICTURES_APART(Reason.TOO_LONG, "a video with a long stretch without a picture that can be decoded alone"),
    HIDDEN(Reason.TOO_LONG, "a video that shows too few of the pictures that it was to be judged by"),
    NO_PICTURES(Reason.UNSUPPORTED, "sound without pictures"),
    SEVERAL_TRACKS(Reason.UNSUPPORTED, "a video with more than one track of pictures"),
    COMPRESSION(Reason.UNSUPPORTED, "a video or picture coding that is not decoded"),
    HEIF_ITEM(Reason.UNSUPPORTED, "AVIF or HEIC whose main picture is made in a way that is not decoded"),
    PIXEL_LAYOUT(Reason.UNSUPPORTED, "pixels in a layout that is not read"),
    RECOLOURED(Reason.UNSUPPORTED, "a gamma or colour profile that would show quite another picture than is stored"),
    CROPPED(Reason.UNSUPPORTED, "a picture or video of which only a small part is to be shown"),
    KEYED_GREY_PNG(Reason.UNSUPPORTED, "animated grey PNG with a transparent shade"),
    JPEG_PROCESS(Reason.UNSUPPORTED, "lossless, arithmetic or hierarchical JPEG"),
    JPEG_DEPTH(Reason.UNSUPPORTED, "JPEG of other than 8 bits"),
    JPEG_COMPONENTS(Reason.UNSUPPORTED, "JPEG of an unusual number of components"),
    JPEG_CMYK(Reason.UNSUPPORTED, "CMYK JPEG without an Adobe mark"),
    JPEG_HEIGHT(Reason.UNSUPPORTED, "JPEG that tells its height at its end"),
    JXL(Reason.UNSUPPORTED, "JPEG XL, and this machine has no libjxl"),
    JPEG_2000(Reason.UNSUPPORTED, "JPEG 2000"),
    BMP_CODING(Reason.UNSUPPORTED, "BMP in run lengths or of 16 bits"),
    BMP_ALPHA(Reason.UNSUPPORTED, "BMP with transparent pixels"),
    TIFF(Reason.UNSUPPORTED, "TIFF"),
    ICO(Reason.UNSUPPORTED, "ICO"),
    PSD(Reason.UNSUPPORTED, "PSD"),
    SVG(Reason.UNSUPPORTED, "SVG"),
    PDF(Reason.UNSUPPORTED, "PDF"),
    AVI(Reason.UNSUPPORTED, "video (AVI)"),
    SOUND(Reason.UNSUPPORTED, "sound"),
    OGG(Reason.UNSUPPORTED, "video or sound (Ogg)"),
    CRASHED(Reason.DECODER_CRASHED, "the decoder died twice"),
    TIMED_OUT(Reason.DECODER_TIMED_OUT, "the decoder did not answer in time"),
    OUT_OF_MEMORY(Reason.DECODER_OUT_OF_MEMORY, "the decoder needed too much memory");

    private final Reason reason;
    private final String detail;

    Flaw(Reason reason, String detail) {
        this.reason = reason;
        this.detail = detail;
    }

    public Reason reason() {
        return reason;
    }

    /// A fixed phrase in lower case that refines the reason; holds nothing of the object.
    public String detail() {
        return detail;
    }
}
