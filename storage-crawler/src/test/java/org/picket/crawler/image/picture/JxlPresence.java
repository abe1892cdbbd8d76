package org.picket.crawler.image.picture;

/// Whether the machine that tests run on can decode JPEG XL.
public final class JxlPresence {

    private JxlPresence() {}

    public static boolean isThere() {
        return JxlLibrary.find().isPresent();
    }
}
