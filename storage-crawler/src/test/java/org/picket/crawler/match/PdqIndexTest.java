package org.picket.crawler.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PdqIndexTest {
    private static PdqIndex index(List<PdqHash> hashes) {
        return index(hashes, PdqIndex.SHORT_BANDS);
    }

    private static PdqIndex index(List<PdqHash> hashes, int bands) {
        PdqIndex.Builder builder = new PdqIndex.Builder(hashes.size());
        hashes.forEach(builder::add);
        return builder.build(bands);
    }

    private static PdqHash random(Random random) {
        return new PdqHash(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
    }

    private static PdqHash changed(PdqHash hash, int bits, Random random) {
        long[] parts = {hash.zeroth(), hash.first(), hash.second(), hash.third()};
        Set<Integer> places = new TreeSet<>();
        while (places.size() < bits) {
            places.add(random.nextInt(PdqHash.BITS));
        }
        places.forEach(place -> parts[place / 64] ^= 1L << place);
        return new PdqHash(parts[0], parts[1], parts[2], parts[3]);
    }

    private static Set<Integer> within(PdqIndex index, PdqHash wanted, int distance) {
        Set<Integer> found = new TreeSet<>();
        index.within(wanted, distance, found::add);
        return found;
    }

    private static Set<Integer> plainly(List<PdqHash> hashes, PdqHash wanted, int distance) {
        Set<Integer> found = new TreeSet<>();
        for (int i = 0; i < hashes.size(); i++) {
            if (hashes.get(i).distance(wanted) <= distance) {
                found.add(i);
            }
        }
        return found;
    }

    /// Random hashes, and clusters of near ones around some of them, as templates make.
    private static List<PdqHash> hashes(Random random) {
        List<PdqHash> hashes = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            hashes.add(random(random));
        }
        for (int i = 0; i < 4_000; i++) {
            hashes.add(changed(hashes.get(random.nextInt(20)), random.nextInt(50), random));
        }
        return hashes;
    }

    @ParameterizedTest
    @ValueSource(ints = {PdqIndex.SHORT_BANDS, PdqIndex.LONG_BANDS})
    void findsExactlyWhatComparingWithEachFinds(int bands) {
        Random random = new Random(7);
        List<PdqHash> hashes = hashes(random);
        PdqIndex index = index(hashes, bands);
        for (int distance : new int[] {0, 1, 10, 30, 31}) {
            for (int i = 0; i < 200; i++) {
                PdqHash wanted = changed(hashes.get(random.nextInt(hashes.size())), random.nextInt(40), random);
                assertEquals(plainly(hashes, wanted, distance), within(index, wanted, distance));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {PdqIndex.SHORT_BANDS, PdqIndex.LONG_BANDS})
    void bitsOfTheLargestDistanceAreFoundWhereverTheyLie(int bands) {
        PdqHash hash = random(new Random(1));
        PdqIndex index = index(List.of(hash), bands);
        Random random = new Random(2);
        for (int i = 0; i < 500; i++) {
            assertEquals(Set.of(0), within(index, changed(hash, 31, random), 31));
            assertEquals(Set.of(), within(index, changed(hash, 32, random), 31));
        }
    }

    @Test
    void equalEntriesAreAllFound() {
        PdqHash hash = random(new Random(4));
        PdqIndex index = index(List.of(hash, hash, hash));
        assertEquals(Set.of(0, 1, 2), within(index, hash, 0));
        assertEquals(hash, index.hash(2));
    }

    @Test
    void emptyIndexFindsNothing() {
        PdqIndex index = index(List.of());
        assertEquals(Set.of(), within(index, new PdqHash(0, 0, 0, 0), 31));
    }

    @Test
    void distanceBeyondThePigeonholeIsRefused() {
        PdqIndex index = index(List.of());
        PdqHash wanted = new PdqHash(0, 0, 0, 0);
        assertThrows(IllegalArgumentException.class, () -> index.within(wanted, 32, found -> {}));
    }
}
