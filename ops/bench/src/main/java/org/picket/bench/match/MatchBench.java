package org.picket.bench.match;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.picket.bench.Bench;
import org.picket.bench.Figure;
import org.picket.bench.Workplace;
import org.picket.crawler.match.Grid;
import org.picket.crawler.match.PdqHash;
import org.picket.crawler.match.PdqHasher;
import org.picket.crawler.match.PdqIndex;

/// PDQ on one core: a look-up within 31 bits by the size of the list, of one hash and of a picture with its
/// eight variants, and the fingerprint of a picture by its size.
public final class MatchBench implements Bench {
    private static final int DISTANCE = 31;
    private static final int VARIANTS = 8;
    private static final int MILLION = 1_000_000;
    private static final int[][] SIZES = {{500, 375}, {1_000, 750}, {2_000, 1_500}};

    @Override
    public void run(Workplace workplace) {
        lookUps(MILLION, workplace, false);
        if (!workplace.brief()) {
            lookUps(10 * MILLION, workplace, false);
            lookUps(10 * MILLION, workplace, true);
        }
        for (int[] size : SIZES) {
            fingerprints(size[0], size[1], workplace);
        }
    }

    /// @param alike whether half of the entries are edits of few templates, as real lists have them
    private static void lookUps(int entries, Workplace workplace, boolean alike) {
        SplittableRandom random = new SplittableRandom(5);
        PdqIndex.Builder builder = new PdqIndex.Builder(entries);
        List<PdqHash> templates = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            templates.add(random(random));
        }
        for (int i = 0; i < entries; i++) {
            builder.add(
                    alike && i % 2 == 0
                            ? changed(templates.get(random.nextInt(templates.size())), 40, random)
                            : random(random));
        }
        long begin = System.nanoTime();
        PdqIndex index = builder.build();
        String[] conditions = {"entries=" + entries, "alike=" + alike, "cores=1"};
        Figure.once("match.build", "s", (System.nanoTime() - begin) / 1e9, conditions)
                .print();
        int asked = workplace.amount(50, 400);
        List<Double> one = new ArrayList<>();
        List<Double> picture = new ArrayList<>();
        AtomicInteger found = new AtomicInteger();
        for (int run = 0; run < workplace.amount(3, 9); run++) {
            one.add(milliseconds(index, asked, 1, random, found));
            picture.add(milliseconds(index, asked / VARIANTS, VARIANTS, random, found));
        }
        // The first run warms up.
        new Figure("match.lookup.hash", "ms", one.subList(1, one.size()), List.of(conditions)).print();
        new Figure("match.lookup.picture", "ms", picture.subList(1, picture.size()), List.of(conditions)).print();
        if (alike) {
            near(index, templates, asked, random, conditions);
        }
    }

    /// Look-ups that have much to find: the buckets they look into are the full ones.
    private static void near(
            PdqIndex index, List<PdqHash> templates, int asked, SplittableRandom random, String... conditions) {
        List<Double> times = new ArrayList<>();
        AtomicInteger found = new AtomicInteger();
        for (int run = 0; run < 5; run++) {
            long begin = System.nanoTime();
            for (int i = 0; i < asked / VARIANTS; i++) {
                PdqHash wanted = changed(templates.get(random.nextInt(templates.size())), 10, random);
                index.within(wanted, DISTANCE, entry -> found.incrementAndGet());
            }
            times.add((System.nanoTime() - begin) / 1e6 / (asked / VARIANTS));
        }
        new Figure("match.lookup.template", "ms", times, List.of(conditions)).print();
    }

    private static double milliseconds(
            PdqIndex index, int times, int variants, SplittableRandom random, AtomicInteger found) {
        long begin = System.nanoTime();
        for (int i = 0; i < times * variants; i++) {
            index.within(random(random), DISTANCE, entry -> found.incrementAndGet());
        }
        return (System.nanoTime() - begin) / 1e6 / times;
    }

    private static PdqHash random(SplittableRandom random) {
        return new PdqHash(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
    }

    private static PdqHash changed(PdqHash hash, int bits, SplittableRandom random) {
        long[] parts = {hash.zeroth(), hash.first(), hash.second(), hash.third()};
        for (int i = 0; i < bits; i++) {
            int place = random.nextInt(PdqHash.BITS);
            parts[place / Long.SIZE] ^= 1L << place;
        }
        return new PdqHash(parts[0], parts[1], parts[2], parts[3]);
    }

    private static void fingerprints(int width, int height, Workplace workplace) {
        byte[] raster = new byte[3 * width * height];
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < raster.length; i++) {
            raster[i] = (byte) (128 + 100 * Math.sin(i / 900.0) + random.nextInt(20));
        }
        PdqHasher hasher = new PdqHasher();
        int times = workplace.amount(20, 200);
        List<Double> runs = new ArrayList<>();
        for (int run = 0; run < workplace.amount(3, 9); run++) {
            long begin = System.nanoTime();
            for (int i = 0; i < times; i++) {
                hasher.of(raster, Grid.upright(width, height));
            }
            runs.add((System.nanoTime() - begin) / 1e6 / times);
        }
        new Figure(
                        "match.fingerprint",
                        "ms",
                        runs.subList(1, runs.size()),
                        List.of(String.format(Locale.ROOT, "pixels=%dx%d", width, height), "cores=1"))
                .print();
    }
}
