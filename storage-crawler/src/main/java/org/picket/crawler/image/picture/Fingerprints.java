package org.picket.crawler.image.picture;

import java.util.ArrayList;
import java.util.List;
import org.picket.crawler.image.structure.Orientation;
import org.picket.crawler.match.Fingerprint;
import org.picket.crawler.match.Grid;
import org.picket.crawler.match.PdqHasher;

/// Gathers the fingerprints of one object's pictures, where they are asked for. Not thread-safe.
///
/// A picture is fingerprinted as it was decoded for its views, at full or reduced size, but as it is stored:
/// the published implementations know nothing of EXIF. The turns of AVIF, HEIC and films are made first, as by
/// all who decode these. One with transparency is fingerprinted over each ground that it is shown on.
final class Fingerprints {
    private final PdqHasher hasher = new PdqHasher();
    private final List<Fingerprint> taken = new ArrayList<>();
    private boolean wanted;
    private int orientation = Orientation.UPRIGHT;

    /// Forgets the last object.
    void begin(boolean asked) {
        wanted = asked;
        orientation = Orientation.UPRIGHT;
        taken.clear();
    }

    /// Tells by which orientation rasters are turned upright from now on.
    void turnedBy(int exif) {
        orientation = exif;
    }

    /// Takes in a picture that views are made of.
    void take(Bicubic.Raster raster) {
        if (wanted) {
            taken.add(hasher.of(raster.pixels(), Grid.stored(raster.width(), raster.height(), orientation)));
        }
    }

    List<Fingerprint> taken() {
        return List.copyOf(taken);
    }
}
