package org.picket.crawler.image.picture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import org.picket.crawler.image.structure.BmpStructure;
import org.picket.crawler.image.structure.Compression;
import org.picket.crawler.image.structure.Flaw;
import org.picket.crawler.image.structure.FlawedObject;
import org.picket.crawler.image.structure.Format;
import org.picket.crawler.image.structure.GifStructure;
import org.picket.crawler.image.structure.H264Keys;
import org.picket.crawler.image.structure.Header;
import org.picket.crawler.image.structure.HeifStructure;
import org.picket.crawler.image.structure.JpegStructure;
import org.picket.crawler.image.structure.KeyedGrey;
import org.picket.crawler.image.structure.MatroskaStructure;
import org.picket.crawler.image.structure.MovieStructure;
import org.picket.crawler.image.structure.Octets;
import org.picket.crawler.image.structure.Orientation;
import org.picket.crawler.image.structure.PngAnimation;
import org.picket.crawler.image.structure.PngStructure;
import org.picket.crawler.image.structure.Track;
import org.picket.crawler.image.structure.WebpAnimation;
import org.picket.crawler.image.structure.WebpStructure;
import org.picket.crawler.match.Fingerprint;
import org.picket.proto.limit.Limits;

/// Makes the views of one object: structure, geometry, decode, orientation, transparency, resize, tiles.
///
/// Runs in the child only. Not thread-safe: buffers are kept between objects.
public final class PictureDecoder {

    private static final int OPAQUE = 255;

    private final long maxPixels;
    private Bicubic bicubic = new Bicubic();
    private AnimationPlayer player = new AnimationPlayer();
    private byte[] pixels = new byte[0];
    private final OpenCv openCv = new OpenCv();
    private final Fingerprints fingerprints = new Fingerprints();

    public PictureDecoder(long maxPixels) {
        this.maxPixels = maxPixels;
    }

    /// The views of an object, the format they came from, and the fingerprints where they were asked for.
    public record Picture(Format format, List<byte[]> views, List<Fingerprint> fingerprints) {}

    /// Decodes an object; throws [FlawedObject] if it is no whole picture.
    public Picture decode(Octets octets, int size) {
        return decode(octets, size, maxPixels, false);
    }

    /// As the other one, with a bound on pixels for this object.
    ///
    /// @param most pixels of the largest picture
    /// @param fingerprinted whether fingerprints are asked for
    public Picture decode(Octets octets, int size, long most, boolean fingerprinted) {
        fingerprints.begin(fingerprinted);
        Format format = Format.sniff(octets.data(), octets.length()).orElseThrow(() -> new FlawedObject(Flaw.UNKNOWN));
        format.unsupported().ifPresent(flaw -> {
            throw new FlawedObject(flaw);
        });
        List<byte[]> views = new ArrayList<>();
        try {
            addViews(format, octets, size, most, views);
        } catch (IndexOutOfBoundsException | ArithmeticException | NegativeArraySizeException contradiction) {
            // Numbers of the object that contradict each other in a way that no check above foresaw.
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        return new Picture(format, views, fingerprints.taken());
    }

    private void addViews(Format format, Octets octets, int size, long most, List<byte[]> views) {
        switch (format) {
            case GIF -> gif(octets, size, most, views);
            case AVIF, HEIC -> heif(octets, format, size, most, views);
            case MP4 -> video(octets, MovieStructure.film(octets, most), size, most, views);
            case MATROSKA -> video(octets, MatroskaStructure.read(octets, most), size, most, views);
            case PNG -> png(octets, size, most, views);
            case WEBP -> webp(octets, size, most, views);
            case JPEG -> still(octets, JpegStructure.read(octets, most), size, views);
            case BMP -> still(octets, BmpStructure.read(octets, most), size, views);
            case JXL -> jxl(octets, size, most, views);
            case JPEG_2000, TIFF, ICO, PSD, SVG, PDF, AVI, OGG, SOUND ->
                throw new IllegalStateException(format + " is not decoded");
        }
    }

    private void gif(Octets octets, int size, long most, List<byte[]> views) {
        try (GifAnimation animation = new GifAnimation(octets, GifStructure.read(octets, most), most)) {
            play(animation, size, most, views);
        }
    }

    private void jxl(Octets octets, int size, long most, List<byte[]> views) {
        JxlLibrary library = JxlLibrary.OfSystem.FOUND.orElseThrow(() -> new FlawedObject(Flaw.JXL));
        try (JxlAnimation animation = new JxlAnimation(library, octets, most)) {
            play(animation, size, most, views);
        }
    }

    private void png(Octets octets, int size, long most, List<byte[]> views) {
        if (PngAnimation.isOne(octets)) {
            play(new StillAnimation(PngAnimation.read(octets, most), openCv), size, most, views);
            return;
        }
        Header header = PngStructure.read(octets, most);
        Optional<KeyedGrey> keyed = KeyedGrey.of(octets, header);
        if (keyed.isPresent()) {
            play(new KeyedAnimation(keyed.get(), openCv), size, most, views);
        } else {
            still(octets, header, size, views);
        }
    }

    private void webp(Octets octets, int size, long most, List<byte[]> views) {
        if (WebpAnimation.isOne(octets)) {
            play(new StillAnimation(WebpAnimation.read(octets, most), openCv), size, most, views);
        } else {
            still(octets, WebpStructure.read(octets, most), size, views);
        }
    }

    private void still(Octets octets, Header header, int size, List<byte[]> views) {
        Geometry geometry = Geometry.of(header, size);
        fingerprints.turnedBy(header.orientation());
        try (Mat mat = mat(octets, header, geometry)) {
            rasters(mat, header, geometry, views);
        }
    }

    /// The still picture, and then those of the sequence, if there is one: viewers show the one or the other.
    private void heif(Octets octets, Format format, int size, long most, List<byte[]> views) {
        HeifStructure.Shown shown = HeifStructure.read(octets, format, most);
        shown.still().ifPresent(found -> {
            Geometry geometry = Geometry.of(found.header(), size);
            for (Bicubic.Raster raster : new HeifDecoder(most).rasters(found)) {
                addViews(Turning.upright(raster, found.header().orientation()), geometry, views);
            }
        });
        shown.sequence().ifPresent(found -> video(octets, found, size, most, views));
    }

    /// Decodes twice as many pictures as there is room for and keeps those that differ most.
    private void video(Octets octets, Track track, int size, long most, List<byte[]> views) {
        if (track.compression() == Compression.H264) {
            H264Keys.keepBeginnings(octets, track.setup(), track.samples());
        }
        Header announced = new Header(Format.MP4, track.width(), track.height(), track.orientation(), false);
        int tiles = Geometry.of(announced, size).offsets().length;
        int room = FrameChoice.room(Limits.OBJECT_VIEWS - views.size(), tiles);
        List<Look> looks = new ArrayList<>();
        List<List<byte[]>> seen = new ArrayList<>();
        int[] sides = {0, 0};
        VideoPlan plan = VideoPlan.of(track, 2 * Math.max(room, 2), most);
        VideoPlayer.Shown shown = new VideoPlayer.Shown();
        play(octets, track, plan, most, shown, raster -> {
            checkSame(sides, raster);
            Header header = new Header(Format.MP4, raster.width(), raster.height(), Orientation.UPRIGHT, false);
            Geometry geometry = Geometry.of(header, size);
            if (geometry.offsets().length > tiles) {
                throw new FlawedObject(Flaw.SIZE_DIFFERS);
            }
            looks.add(Look.of(raster));
            List<byte[]> own = new ArrayList<>();
            addViews(raster, geometry, own);
            seen.add(own);
        });
        plan.checkShown(track, shown);
        int[] equal = new int[seen.size()];
        Arrays.fill(equal, 1);
        for (int frame : FrameChoice.choose(equal, looks, room)) {
            views.addAll(seen.get(frame));
        }
    }

    /// The decoder of AV1 remembers pictures across a restart, and would take a picture that builds on those of
    /// another run for the key frame that the container calls it; so each run has a decoder of its own.
    private static void play(
            Octets octets,
            Track track,
            VideoPlan plan,
            long most,
            VideoPlayer.Shown shown,
            Consumer<Bicubic.Raster> sink) {
        List<VideoPlan> parts = track.compression() == Compression.AV1
                ? plan.runs().stream().map(run -> new VideoPlan(List.of(run))).toList()
                : List.of(plan);
        for (VideoPlan part : parts) {
            new VideoPlayer(most).play(octets, track, part, shown, sink);
        }
    }

    /// @param sides of the first picture, or 0 before it
    private static void checkSame(int[] sides, Bicubic.Raster raster) {
        if (sides[0] == 0) {
            sides[0] = raster.width();
            sides[1] = raster.height();
        } else if (sides[0] != raster.width() || sides[1] != raster.height()) {
            throw new FlawedObject(Flaw.SIZE_DIFFERS);
        }
    }

    private void play(Animation animation, int size, long most, List<byte[]> views) {
        Geometry geometry = Geometry.of(animation.header(), size);
        int orientation = animation.header().orientation();
        fingerprints.turnedBy(orientation);
        player.play(
                animation,
                geometry.offsets().length,
                most,
                raster -> addViews(Turning.upright(raster, orientation), geometry, views));
    }

    /// Bytes of the buffers that are kept for the next object and grow with the largest one so far.
    public long heldBytes() {
        return pixels.length + player.heldBytes();
    }

    /// Lets go of all buffers, for the rare time that a huge picture has blown them up.
    public void release() {
        pixels = new byte[0];
        openCv.release();
        bicubic = new Bicubic();
        player = new AnimationPlayer();
        // The one way to have the collector hand memory back to the system; the live set is small.
        System.gc();
    }

    /// The decoded, upright picture: RGB, or BGR(A) of 8 or 16 bits where the header says that it may be
    /// transparent.
    private Mat mat(Octets octets, Header header, Geometry geometry) {
        Mat mat = openCv.decode(
                octets.data(),
                octets.length(),
                flags(header, geometry),
                geometry.decodedWidth(),
                geometry.decodedHeight());
        return upright(mat, header.orientation());
    }

    private static int flags(Header header, Geometry geometry) {
        if (header.alpha()) {
            // Implies that neither colour nor orientation is touched.
            return opencv_imgcodecs.IMREAD_UNCHANGED;
        }
        // RGB instead of OpenCV's BGR, which excludes the bit for colour that the named reductions carry.
        int reduction = switch (geometry.reduction()) {
            case 8 -> opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_8;
            case 4 -> opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_4;
            case 2 -> opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_2;
            default -> 0;
        };
        return reduction | opencv_imgcodecs.IMREAD_COLOR_RGB | opencv_imgcodecs.IMREAD_IGNORE_ORIENTATION;
    }

    private static Mat upright(Mat mat, int orientation) {
        if (orientation == Orientation.UPRIGHT) {
            return mat;
        }
        try (mat) {
            Mat turned = new Mat();
            if (Orientation.swapsSides(orientation)) {
                opencv_core.transpose(mat, turned);
            } else {
                mat.copyTo(turned);
            }
            switch (orientation) {
                case 2, 6 -> opencv_core.flip(turned, turned, 1);
                case 4, 8 -> opencv_core.flip(turned, turned, 0);
                case 3, 7 -> opencv_core.flip(turned, turned, -1);
                default -> {}
            }
            return turned;
        }
    }

    private void rasters(Mat mat, Header header, Geometry geometry, List<byte[]> views) {
        int width = mat.cols();
        int height = mat.rows();
        int bytes = Math.multiplyExact(Math.multiplyExact(width, height), 3);
        if (pixels.length < bytes) {
            pixels = new byte[bytes];
        }
        if (!header.alpha()) {
            if (mat.type() != opencv_core.CV_8UC3 || !mat.isContinuous()) {
                throw new FlawedObject(Flaw.DATA);
            }
            try (BytePointer data = mat.data()) {
                data.get(pixels, 0, bytes);
            }
            addViews(new Bicubic.Raster(pixels, width, height), geometry, views);
            return;
        }
        boolean transparent = flatten(mat, Ground.WHITE);
        addViews(new Bicubic.Raster(pixels, width, height), geometry, views);
        if (transparent) {
            flatten(mat, Ground.BLACK);
            addViews(new Bicubic.Raster(pixels, width, height), geometry, views);
        }
    }

    /// Lays the picture over `ground` into [#pixels]; whether any pixel let the ground through.
    private boolean flatten(Mat mat, int ground) {
        int depth = mat.depth() == opencv_core.CV_16U ? 2 : 1;
        int channels = mat.channels();
        if (channels < 3 || mat.depth() != opencv_core.CV_8U && mat.depth() != opencv_core.CV_16U) {
            throw new FlawedObject(Flaw.DATA);
        }
        // Of 16 bits, stored in little-endian order here, the upper eight are kept, as libpng does.
        int high = depth - 1;
        byte[] row = new byte[mat.cols() * channels * depth];
        boolean transparent = false;
        int out = 0;
        for (int y = 0; y < mat.rows(); y++) {
            try (BytePointer data = mat.ptr(y)) {
                data.get(row, 0, row.length);
            }
            for (int in = high; in < row.length; in += channels * depth) {
                int alpha = channels == 4 ? row[in + 3 * depth] & 0xff : OPAQUE;
                transparent |= alpha != OPAQUE;
                pixels[out] = Ground.blend(row[in + 2 * depth] & 0xff, alpha, ground);
                pixels[out + 1] = Ground.blend(row[in + depth] & 0xff, alpha, ground);
                pixels[out + 2] = Ground.blend(row[in] & 0xff, alpha, ground);
                out += 3;
            }
        }
        return transparent;
    }

    private void addViews(Bicubic.Raster raster, Geometry geometry, List<byte[]> views) {
        fingerprints.take(raster);
        byte[] resized = bicubic.resize(raster, geometry.width(), geometry.height(), geometry.window());
        views.addAll(List.of(geometry.cut(resized)));
    }
}
