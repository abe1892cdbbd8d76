package org.picket.crawler.image.picture;

import java.util.List;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.opencv.global.opencv_imgcodecs;

/// The native libraries that a child unpacks and loads before it takes the first object: after that it may write
/// nothing, its natives' folder least of all.
public final class Natives {

    private static final List<Class<?>> ALL = List.of(opencv_imgcodecs.class, avcodec.class);

    private Natives() {}

    /// Throws [LinkageError] if one cannot be loaded.
    public static void load() {
        ALL.forEach(Loader::load);
    }
}
