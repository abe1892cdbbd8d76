package org.picket.crawler.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.picket.crawler.image.structure.Reason;

/// The whole corpus through a real pool: every file keeps the promise it was made with, no child dies or is
/// late, none takes more memory than it may.
class CorpusIT {

    private static final int VIEW_SIZE = 32;
    private static final int LEAST_FILES = 500;
    /// What a child takes for a picture of the allowed 100 megapixels, with room for the JVM.
    private static final long MOST_RESIDENT_KIB = 2_500L * 1024;
    /// Beyond what a bomb may take in a child on a machine that does other things at the same time.
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private static final Set<Reason> TROUBLE =
            Set.of(Reason.DECODER_CRASHED, Reason.DECODER_TIMED_OUT, Reason.DECODER_OUT_OF_MEMORY);

    @Test
    void everyHostileFileKeepsItsPromise() throws Exception {
        List<HostileFile> corpus = Corpus.all();
        assertTrue(corpus.size() >= LEAST_FILES, corpus.size() + " files");
        assertEquals(corpus.size(), names(corpus).size(), "two files of one name");
        List<String> broken = new ArrayList<>();
        Set<Long> before = children();
        try (DecoderPool pool = new DecoderPool(Vectors.SETTINGS.withDeadline(LONGEST))) {
            Map<String, Decoded> sound = new HashMap<>();
            for (Seed seed : Seed.all()) {
                Decoded views = decode(pool, Vectors.read(seed.name()));
                sound.put(seed.name(), assertInstanceOf(Decoded.Views.class, views, seed.name()));
            }
            Set<Long> children = childrenSince(before);
            for (HostileFile file : corpus) {
                Decoded came = decode(pool, file.object());
                if (!keeps(file, came, sound)) {
                    broken.add(file + " became " + inWords(came));
                }
            }
            assertEquals(children, childrenSince(before), "children were replaced");
            for (long child : children) {
                long resident = residentKib(child);
                assertTrue(resident < MOST_RESIDENT_KIB, "a child took " + resident + " KiB");
            }
        }
        System.out.println(corpus.size() + " hostile files");
        assertTrue(broken.isEmpty(), broken.size() + " of " + corpus.size() + ":\n" + String.join("\n", broken));
    }

    private static Set<String> names(List<HostileFile> corpus) {
        Set<String> names = new HashSet<>();
        corpus.forEach(file -> names.add(file.name()));
        return names;
    }

    private static Decoded decode(DecoderPool pool, byte[] object) throws InterruptedException {
        return pool.decode(object, object.length, VIEW_SIZE);
    }

    private static boolean keeps(HostileFile file, Decoded came, Map<String, Decoded> sound) {
        return switch (came) {
            case Decoded.Undecodable(Reason reason, String detail) ->
                file.promise() != Promise.SAME && !TROUBLE.contains(reason);
            case Decoded.Views views ->
                switch (file.promise()) {
                    case NONE -> false;
                    case NONE_OR_ANOTHER -> true;
                    case SAME, NONE_OR_SAME -> same(views, sound.get(file.sound()));
                };
        };
    }

    private static boolean same(Decoded.Views views, Decoded sound) {
        List<View> expected = assertInstanceOf(Decoded.Views.class, sound).views();
        return views.views().size() == expected.size()
                && java.util.stream.IntStream.range(0, expected.size())
                        .allMatch(i -> java.util.Arrays.equals(
                                views.views().get(i).pixels(), expected.get(i).pixels()));
    }

    private static String inWords(Decoded came) {
        return switch (came) {
            case Decoded.Views views -> views.views().size() + " views";
            case Decoded.Undecodable undecodable -> undecodable.toString();
        };
    }

    private static Set<Long> children() {
        Set<Long> pids = new HashSet<>();
        ProcessHandle.current().descendants().forEach(child -> pids.add(child.pid()));
        return pids;
    }

    private static Set<Long> childrenSince(Set<Long> before) {
        Set<Long> now = children();
        now.removeAll(before);
        return now;
    }

    /// The most memory that a process has had at once; 0 where the system does not tell.
    private static long residentKib(long pid) throws IOException {
        Path status = Path.of("/proc", Long.toString(pid), "status");
        if (!Files.exists(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }
}
