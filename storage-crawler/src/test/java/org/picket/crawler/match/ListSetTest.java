package org.picket.crawler.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.HashType;
import org.picket.proto.v1.ListInForce;
import org.picket.proto.v1.ListKind;
import org.picket.proto.v1.ListTerms;
import org.picket.proto.v1.ListsInForce;

class ListSetTest {
    private static final byte[] CONTENT = {1, 2, 3};
    private static final byte[] OTHER = {4, 5, 6};
    private static final PdqHash HASH = new PdqHash(3, 5, 7, 11);

    private static ListInForce list(long id, int maxDistance, int minQuality) {
        return ListInForce.newBuilder()
                .setId(id)
                .setTerms(ListTerms.newBuilder().setMaxDistance(maxDistance).setMinQuality(minQuality))
                .build();
    }

    private static byte[] md5(byte[] content) throws Exception {
        return MessageDigest.getInstance("MD5").digest(content);
    }

    /// As a picture would have it whose hash is so many bits from [#HASH], in one of its variants.
    private static Fingerprint fingerprint(int distance, int quality, int variant) {
        List<PdqHash> variants = new ArrayList<>();
        for (int i = 0; i < Fingerprint.VARIANTS; i++) {
            variants.add(new PdqHash(-1L - i, -1, -1, -1));
        }
        long bits = distance == 0 ? 0 : -1L >>> Long.SIZE - distance;
        variants.set(variant, new PdqHash(HASH.zeroth() ^ bits, HASH.first(), HASH.second(), HASH.third()));
        return new Fingerprint(variants, quality);
    }

    private static ListSet pictures(ListInForce... lists) {
        ListSet.Builder builder = new ListSet.Builder(ListsInForce.newBuilder()
                .addAllLists(List.of(lists))
                .setPdq(lists.length)
                .build());
        for (ListInForce list : lists) {
            builder.add(list.getId(), HashType.PDQ, ByteString.copyFrom(HASH.toByteArray()));
        }
        return builder.build();
    }

    @Test
    void contentIsFoundOnEveryListThatHasIt() throws Exception {
        ListSet.Builder builder = new ListSet.Builder(ListsInForce.newBuilder()
                .addLists(list(7, 0, 0))
                .addLists(list(-1, 0, 0))
                .setSha256(3)
                .setMd5(1)
                .build());
        builder.add(
                7,
                HashType.SHA256,
                Digest.of(CONTENT).bytes().concat(Digest.of(new byte[0]).bytes()));
        builder.add(-1, HashType.SHA256, Digest.of(CONTENT).bytes());
        builder.add(7, HashType.MD5, ByteString.copyFrom(md5(OTHER)));
        ListSet lists = builder.build();
        assertEquals(4, builder.size());
        assertFalse(lists.pictures());
        assertEquals(
                List.of(7L, -1L),
                lists.exact(Digest.of(CONTENT), CONTENT).stream().map(Hit::list).toList());
        assertEquals(
                List.of(new Hit(7, HashType.MD5, ByteString.copyFrom(md5(OTHER)), 0, 0)),
                lists.exact(Digest.of(OTHER), OTHER));
        byte[] third = {9};
        assertEquals(List.of(), lists.exact(Digest.of(third), third));
    }

    @Test
    void manyListsOfOneKindCrowdNoOtherKindOut() {
        ListsInForce.Builder head = ListsInForce.newBuilder().setSha256(41);
        for (int id = 1; id <= 40; id++) {
            head.addLists(list(id, 0, 0).toBuilder()
                    .setTerms(ListTerms.newBuilder().setKind(ListKind.DENY).setTrust(3)));
        }
        head.addLists(list(41, 0, 0).toBuilder()
                .setTerms(ListTerms.newBuilder().setKind(ListKind.DENY).setTrust(1)));
        ListSet.Builder builder = new ListSet.Builder(head.build());
        for (int id = 1; id <= 41; id++) {
            builder.add(id, HashType.SHA256, Digest.of(CONTENT).bytes());
        }
        List<Hit> hits = builder.build().exact(Digest.of(CONTENT), CONTENT);
        assertEquals(Limits.LIST_HITS, hits.size());
        assertTrue(hits.stream().anyMatch(hit -> hit.list() == 41), "the one that may be acted upon");
    }

    @Test
    void manyContentsAreToldApart() {
        int count = 20_000;
        ListSet.Builder builder = new ListSet.Builder(ListsInForce.newBuilder()
                .addLists(list(1, 0, 0))
                .setSha256(count)
                .build());
        for (int i = 0; i < count; i++) {
            builder.add(1, HashType.SHA256, digest(i).bytes());
        }
        ListSet lists = builder.build();
        for (int i = 0; i < 2 * count; i++) {
            assertEquals(i < count ? 1 : 0, lists.exact(digest(i), CONTENT).size(), "content " + i);
        }
    }

    private static Digest digest(int i) {
        byte[] content = new byte[8];
        new Random(i).nextBytes(content);
        return Digest.of(content);
    }

    @Test
    void pictureIsFoundWithinTheDistanceOfEachList() {
        ListSet lists = pictures(list(1, 31, 50), list(2, 10, 50));
        assertTrue(lists.pictures());
        List<Hit> near = lists.near(List.of(fingerprint(20, 80, 0)));
        assertEquals(List.of(new Hit(1, HashType.PDQ, ByteString.copyFrom(HASH.toByteArray()), 20, 80)), near);
        assertEquals(2, lists.near(List.of(fingerprint(10, 80, 0))).size());
        assertEquals(1, lists.near(List.of(fingerprint(31, 80, 0))).size());
        assertEquals(List.of(), lists.near(List.of(fingerprint(32, 80, 0))));
    }

    @Test
    void pictureOfTooLittleQualityMatchesNothing() {
        ListSet lists = pictures(list(1, 31, 50), list(2, 31, 20));
        assertEquals(
                List.of(2L),
                lists.near(List.of(fingerprint(0, 49, 0))).stream()
                        .map(Hit::list)
                        .toList());
        assertEquals(List.of(), lists.near(List.of(fingerprint(0, 19, 0))));
    }

    @Test
    void turnedPictureIsFoundByItsVariantAndTheNearestCounts() {
        ListSet lists = pictures(list(1, 31, 50));
        for (int variant = 0; variant < Fingerprint.VARIANTS; variant++) {
            assertEquals(1, lists.near(List.of(fingerprint(5, 60, variant))).size());
        }
        assertEquals(
                3,
                lists.near(List.of(fingerprint(9, 60, 1), fingerprint(3, 70, 4)))
                        .getFirst()
                        .distance());
    }

    private static ListInForce allowing(ListInForce list) {
        return list.toBuilder()
                .setTerms(list.getTerms().toBuilder().setKind(ListKind.ALLOW))
                .build();
    }

    private static List<Long> found(ListSet lists, Fingerprint... pictures) {
        return lists.near(List.of(pictures)).stream().map(Hit::list).toList();
    }

    @Test
    void allowedPictureCountsOnlyWhereEveryPictureOfTheObjectIsAllowed() {
        ListSet lists = pictures(allowing(list(1, 5, 50)), allowing(list(2, 20, 70)));
        assertEquals(List.of(1L), found(lists, fingerprint(0, 60, 0)));
        assertEquals(List.of(1L, 2L), found(lists, fingerprint(3, 60, 0), fingerprint(18, 80, 5)));
        assertEquals(List.of(), found(lists, fingerprint(0, 90, 0), fingerprint(21, 90, 0)));
        assertEquals(List.of(), found(lists, fingerprint(21, 90, 0), fingerprint(0, 90, 0)));
        assertEquals(List.of(), found(lists, fingerprint(0, 90, 0), fingerprint(0, 49, 0)), "of too little quality");
        assertEquals(List.of(), found(lists));
    }

    @Test
    void deniedPictureIsFoundBesideAllowedOnesAndToldFirst() {
        ListSet lists = pictures(allowing(list(1, 5, 50)), list(2, 20, 50));
        assertEquals(List.of(2L, 1L), found(lists, fingerprint(0, 90, 0)));
        assertEquals(List.of(2L), found(lists, fingerprint(0, 90, 0), fingerprint(12, 90, 0)));
    }

    @Test
    void entriesOfAListThatWasNotAnnouncedAreRefused() {
        ListSet.Builder builder = new ListSet.Builder(
                ListsInForce.newBuilder().addLists(list(1, 0, 0)).setSha256(1).build());
        ByteString value = Digest.of(CONTENT).bytes();
        assertThrows(IllegalArgumentException.class, () -> builder.add(2, HashType.SHA256, value));
        builder.add(1, HashType.SHA256, value);
        assertThrows(IllegalStateException.class, () -> builder.add(1, HashType.SHA256, value));
        assertThrows(IllegalStateException.class, () -> builder.add(1, HashType.MD5, value));
    }

    @Test
    void nothingThatIsPrintedHoldsAHash() {
        Hit hit = new Hit(1, HashType.PDQ, ByteString.copyFrom(HASH.toByteArray()), 2, 3);
        assertFalse((hit + " " + HASH + " " + fingerprint(0, 1, 0)).matches(".*[0-9a-f]{16}.*"));
    }

    @Test
    void entriesThatBreakOffAreRefused() {
        ListSet.Builder builder = new ListSet.Builder(ListsInForce.newBuilder()
                .addLists(list(1, 0, 0))
                .setSha256(2)
                .setMd5(1)
                .setPdq(1)
                .build());
        ByteString cut = ByteString.copyFrom(new byte[33]);
        for (HashType type : List.of(HashType.SHA256, HashType.MD5, HashType.PDQ)) {
            assertThrows(IllegalArgumentException.class, () -> builder.add(1, type, cut), type.name());
        }
        builder.add(1, HashType.SHA256, Digest.of(CONTENT).bytes());
        assertThrows(IllegalStateException.class, builder::build, "others are missing");
    }

    /// Each of them ends in the number that the last step of an unkeyed index would bring to the same place.
    @Test
    @Timeout(20)
    void listWhoseEntriesWereMadeToFallOnOnePlaceIsReadAsFastAsAnother() {
        int count = 400_000;
        ListSet.Builder builder = new ListSet.Builder(
                ListsInForce.newBuilder().addLists(list(1, 0, 0)).setMd5(count).build());
        ByteBuffer values = ByteBuffer.allocate(16 * count);
        for (long i = 0; i < count; i++) {
            values.putLong(0).putLong(unmixed(i << 29));
        }
        builder.add(1, HashType.MD5, ByteString.copyFrom(values.array()));
        builder.build();
        assertEquals(count, builder.size());
    }

    /// What a multiplication and a shift, as hash tables use them, turn into this.
    private static long unmixed(long mixed) {
        long product = mixed ^ mixed >>> 29 ^ mixed >>> 58;
        long inverse = 0x9e3779b97f4a7c15L;
        for (int i = 0; i < 6; i++) {
            inverse *= 2 - 0x9e3779b97f4a7c15L * inverse;
        }
        return product * inverse;
    }
}
