package org.picket.crawler.match;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.HashType;
import org.picket.proto.v1.ListInForce;
import org.picket.proto.v1.ListKind;
import org.picket.proto.v1.ListTerms;
import org.picket.proto.v1.ListsInForce;

/// All lists that are in force for a storage, ready to be asked. Lives outside the Java heap: about 50 bytes a
/// SHA-256, 30 an MD5, 100 a PDQ hash. Safe for any number of threads.
public final class ListSet {
    /// No list at all.
    public static final ListSet NONE = new Builder(ListsInForce.getDefaultInstance()).build();

    private static final int SHA256_BYTES = 32;
    private static final int MD5_BYTES = 16;

    private final List<ListInForce> lists;
    private final ExactIndex sha256;
    private final ExactIndex md5;
    private final PdqIndex pdq;
    private final short[] pdqLists;
    private final int farthest;
    private final int leastQuality;

    private ListSet(Builder builder) {
        this.lists = builder.lists;
        this.sha256 = builder.sha256;
        this.md5 = builder.md5;
        this.pdq = builder.pdq.build();
        this.pdqLists = builder.pdqLists;
        int most = 0;
        int least = Fingerprint.BEST_QUALITY;
        for (ListInForce list : lists) {
            most = Math.max(most, list.getTerms().getMaxDistance());
            least = Math.min(least, list.getTerms().getMinQuality());
        }
        this.farthest = Math.min(most, PdqIndex.MOST_DISTANCE);
        this.leastQuality = least;
    }

    /// Takes entries in as they come.
    public static final class Builder {
        private final List<ListInForce> lists;
        private final Map<Long, Integer> places = new HashMap<>();
        private final ExactIndex sha256;
        private final ExactIndex md5;
        private final PdqIndex.Builder pdq;
        private final short[] pdqLists;
        private final long announced;
        private int pdqCount;

        /// @param head what comes before the entries
        /// @throws IllegalArgumentException where there are more than can be held
        public Builder(ListsInForce head) {
            lists = head.getListsList();
            if (lists.size() > 2 * Short.MAX_VALUE) {
                throw new IllegalArgumentException(lists.size() + " hash lists");
            }
            for (int i = 0; i < lists.size(); i++) {
                places.put(lists.get(i).getId(), i);
            }
            sha256 = new ExactIndex(SHA256_BYTES, head.getSha256());
            md5 = new ExactIndex(MD5_BYTES, head.getMd5());
            pdq = new PdqIndex.Builder(Math.clamp(head.getPdq(), -1, Integer.MAX_VALUE));
            pdqLists = new short[(int) head.getPdq()];
            announced = head.getSha256() + head.getMd5() + head.getPdq();
        }

        /// Takes entries of one list and type in.
        ///
        /// @throws IllegalArgumentException where the list was not announced, or a value is cut
        /// @throws IllegalStateException where there are more than were announced
        public void add(long list, HashType type, ByteString values) {
            int place = Optional.ofNullable(places.get(list))
                    .orElseThrow(() -> new IllegalArgumentException("entries of a list that was not announced"));
            if (values.size() % bytes(type) != 0) {
                throw new IllegalArgumentException("entries that break off");
            }
            ByteBuffer next = values.asReadOnlyByteBuffer();
            while (next.hasRemaining()) {
                switch (type) {
                    case SHA256 -> sha256.add(next, place);
                    case MD5 -> md5.add(next, place);
                    case PDQ -> {
                        pdq.add(PdqHash.read(next));
                        pdqLists[pdqCount++] = (short) place;
                    }
                    case HASH_TYPE_UNSPECIFIED, UNRECOGNIZED -> throw unknown();
                }
            }
        }

        private static int bytes(HashType type) {
            return switch (type) {
                case SHA256 -> SHA256_BYTES;
                case MD5 -> MD5_BYTES;
                case PDQ -> PdqHash.BYTES;
                case HASH_TYPE_UNSPECIFIED, UNRECOGNIZED -> throw unknown();
            };
        }

        private static IllegalArgumentException unknown() {
            return new IllegalArgumentException("entries of no known type");
        }

        /// How many entries have come.
        public long size() {
            return (long) sha256.size() + md5.size() + pdqCount;
        }

        /// @throws IllegalStateException where fewer have come than were announced: what is missing would be missed
        public ListSet build() {
            if (size() < announced) {
                throw new IllegalStateException("fewer hashes than were announced");
            }
            return new ListSet(this);
        }
    }

    /// Whether pictures are to be fingerprinted.
    public boolean pictures() {
        return pdq.size() > 0;
    }

    /// The lists that have exactly this content.
    ///
    /// @param content for its MD5, which is computed where there is one to compare with
    public List<Hit> exact(Digest hash, byte[] content) {
        if (sha256.size() == 0 && md5.size() == 0) {
            return List.of();
        }
        List<Placed> hits = new ArrayList<>();
        byte[] value = hash.toByteArray();
        sha256.find(
                value,
                place -> hits.add(new Placed(place, Hit.exact(lists.get(place).getId(), HashType.SHA256, value))));
        if (md5.size() > 0) {
            byte[] weak = md5(content);
            md5.find(
                    weak,
                    place -> hits.add(
                            new Placed(place, Hit.exact(lists.get(place).getId(), HashType.MD5, weak))));
        }
        return most(hits);
    }

    /// A hit with its list's place.
    private record Placed(int place, Hit hit) {}

    /// As many as may be told. Where there are more, there are some of each kind of list, so that none of them,
    /// of which there may be many, crowds another out: what follows depends on the kind alone.
    private List<Hit> most(List<Placed> hits) {
        if (hits.size() <= Limits.LIST_HITS) {
            return hits.stream().map(Placed::hit).toList();
        }
        Map<List<Object>, Integer> told = new HashMap<>();
        Map<Placed, Integer> turns = new HashMap<>();
        for (Placed each : hits) {
            ListTerms terms = lists.get(each.place()).getTerms();
            List<Object> kind = List.of(each.hit().type(), terms.getKind(), terms.getTrust());
            turns.put(each, told.merge(kind, 1, Integer::sum));
        }
        return hits.stream()
                .sorted(Comparator.comparingInt(turns::get))
                .limit(Limits.LIST_HITS)
                .map(Placed::hit)
                .toList();
    }

    private static byte[] md5(byte[] content) {
        try {
            return MessageDigest.getInstance("MD5").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }

    /// The lists that have a picture near one of these, with the nearest entry of each. Allow lists are among
    /// them only where every one of the pictures is near an entry of some allow list: one allowed frame says
    /// nothing of the others. They come last, so that none takes the place of a deny list.
    ///
    /// @param fingerprints of all pictures of one object
    public List<Hit> near(List<Fingerprint> fingerprints) {
        if (fingerprints.isEmpty()) {
            return List.of();
        }
        Map<Integer, Hit> denied = new TreeMap<>();
        Map<Integer, Hit> allowed = new TreeMap<>();
        boolean allAllowed = true;
        for (Fingerprint fingerprint : fingerprints) {
            Map<Integer, Hit> nearest = near(fingerprint);
            boolean oneAllowed = false;
            for (Map.Entry<Integer, Hit> each : nearest.entrySet()) {
                boolean allows = allows(each.getKey());
                oneAllowed |= allows;
                (allows ? allowed : denied).merge(each.getKey(), each.getValue(), ListSet::nearer);
            }
            allAllowed &= oneAllowed;
        }
        List<Placed> hits = new ArrayList<>();
        denied.forEach((place, hit) -> hits.add(new Placed(place, hit)));
        if (allAllowed) {
            allowed.forEach((place, hit) -> hits.add(new Placed(place, hit)));
        }
        return most(hits);
    }

    private boolean allows(int place) {
        return lists.get(place).getTerms().getKind() == ListKind.ALLOW;
    }

    private static Hit nearer(Hit one, Hit other) {
        return other.distance() < one.distance() ? other : one;
    }

    private Map<Integer, Hit> near(Fingerprint fingerprint) {
        Map<Integer, Hit> nearest = new HashMap<>();
        if (fingerprint.quality() >= leastQuality) {
            fingerprint.variants().forEach(variant -> near(variant, fingerprint.quality(), nearest));
        }
        return nearest;
    }

    private void near(PdqHash variant, int quality, Map<Integer, Hit> nearest) {
        pdq.within(variant, farthest, number -> {
            int place = Short.toUnsignedInt(pdqLists[number]);
            ListInForce list = lists.get(place);
            PdqHash entry = pdq.hash(number);
            int distance = entry.distance(variant);
            if (distance <= list.getTerms().getMaxDistance()
                    && quality >= list.getTerms().getMinQuality()
                    && (!nearest.containsKey(place) || nearest.get(place).distance() > distance)) {
                ByteString value = ByteString.copyFrom(entry.toByteArray());
                nearest.put(place, new Hit(list.getId(), HashType.PDQ, value, distance, quality));
            }
        });
    }
}
