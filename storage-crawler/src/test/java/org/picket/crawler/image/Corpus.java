package org.picket.crawler.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// All hostile files, the same in every run.
public final class Corpus {

    private Corpus() {}

    /// Writes the files of which none can be decoded into a folder, for a whole scan.
    ///
    /// @return how many
    public static int writeUndecodable(Path folder) throws IOException {
        int count = 0;
        for (HostileFile file : all()) {
            if (file.promise() == Promise.NONE) {
                Files.write(folder.resolve(String.format("%03d-hostile.jpg", count)), file.object());
                count++;
            }
        }
        return count;
    }

    static List<HostileFile> all() throws IOException {
        List<HostileFile> files = new ArrayList<>();
        for (Seed seed : Seed.all()) {
            files.addAll(Damage.of(seed));
        }
        files.addAll(tricks());
        return files;
    }

    /// Those made by somebody who knows the format.
    static List<HostileFile> tricks() throws IOException {
        List<HostileFile> files = new ArrayList<>();
        files.addAll(PngTricks.all());
        files.addAll(JpegTricks.all());
        files.addAll(GifTricks.all());
        files.addAll(WebpTricks.all());
        files.addAll(ContainerTricks.all());
        return files;
    }
}
