package org.picket.coordinator.content;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.bouncycastle.crypto.macs.SipHash;
import org.bouncycastle.crypto.params.KeyParameter;
import org.jdbi.v3.core.Handle;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.database.Horizon;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.coordinator.hashlist.Rejudging;
import org.picket.coordinator.listing.Listings;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.coordinator.ruling.ObjectEvidence;
import org.picket.coordinator.ruling.Ruling;
import org.picket.coordinator.ruling.RulingRules;
import org.picket.coordinator.ruling.ScoreBlock;
import org.picket.coordinator.shard.ShardStore;
import org.picket.coordinator.supply.ContentProbe;
import org.picket.proto.id.ListingId;
import org.picket.proto.id.ShardId;
import org.picket.proto.id.SiteId;
import org.picket.proto.seal.Digest;
import org.picket.runtime.time.TimeSource;

/// Contents allowed by the site, flagged as findings, or cleared before under the same epoch, at the same site.
///
/// Cleared contents are known by a tag alone: SipHash-2-4 of the SHA-256 under a key made of the collective's
/// secret, the site and the epoch. Who does not have the secret cannot make a content that has a cleared one's
/// tag; by chance it happens once in 2^43 look-ups at two million tags.
///
/// Flagged contents have tags too, so that the database is asked only about contents that may be known: of those
/// that are cleared, whether somebody flagged them meanwhile; of those that are flagged, by which ruling.
///
/// Tags are read from the database when somebody first asks, and while other coordinators live, what these ruled since
/// ([Following]): what one of them ruled less than a second ago may be scanned once more. Safe for any number of
/// threads.
public final class KnownContents implements ContentProbe, Rejudging {
    /// Cleared contents remembered unless told otherwise: 16 MiB.
    public static final int CAPACITY = 1 << 21;

    /// Flagged contents remembered: 2 MiB. One that is forgotten is scanned once more.
    private static final int FLAGGED_CAPACITY = 1 << 18;

    /// Bytes of the secret.
    public static final int SECRET_BYTES = 16;

    private static final Ruling ALLOWED = new Ruling.Cleared(Ruling.Cleared.Why.SITE_ALLOWLIST);
    private static final Ruling CLEARED = new Ruling.Cleared(Ruling.Cleared.Why.KNOWN_CONTENT);

    private final Database database;
    private final FlaggedContents flagged;
    private final byte[] secret;
    private final TagTable cleared;
    private final TagTable suspect = new TagTable(FLAGGED_CAPACITY);
    private final Following<Digest> clearedElsewhere;
    private final Following<Realm> flaggedElsewhere;

    /// Where a content is known.
    private record Realm(OwnerId site, Digest epoch) {}

    /// @param secret 16 bytes of the collective's own
    /// @param capacity cleared contents remembered
    public KnownContents(Database database, TimeSource time, FlaggedContents flagged, byte[] secret, int capacity) {
        if (secret.length != SECRET_BYTES) {
            throw new IllegalArgumentException("the secret has 16 bytes");
        }
        this.database = database;
        this.flagged = flagged;
        this.secret = secret.clone();
        this.cleared = new TagTable(capacity);
        this.clearedElsewhere = new Following<>(time);
        this.flaggedElsewhere = new Following<>(time);
    }

    /// Tells whether other coordinators live, who rule contents too.
    public void others(boolean live) {
        clearedElsewhere.others(live);
        flaggedElsewhere.others(live);
    }

    @Override
    public Map<ByteString, Known> probe(StorageTerms terms, List<ByteString> contents) {
        clearedElsewhere.read(terms.epoch(), since -> readCleared(terms.epoch(), since));
        flaggedElsewhere.read(new Realm(terms.owner(), terms.epoch()), since -> readFlagged(terms, since));
        Map<ByteString, Known> known = new HashMap<>();
        List<Digest> perhaps = new ArrayList<>();
        Tagger tagger = tagger(terms);
        for (ByteString content : contents) {
            Digest hash = new Digest(content);
            if (terms.rules().siteAllowlist().contains(hash)) {
                known.put(content, new Known(ALLOWED, true));
            } else {
                long tag = tagger.tag(content);
                if (cleared.contains(tag) || suspect.contains(tag)) {
                    perhaps.add(hash);
                }
            }
        }
        if (!perhaps.isEmpty()) {
            confirm(terms, perhaps, known);
        }
        return known;
    }

    /// Flagged goes before cleared: where agents disagreed on a content, it is not waved through.
    private void confirm(StorageTerms terms, List<Digest> perhaps, Map<ByteString, Known> known) {
        Map<Digest, Ruling.Flagged> found =
                database.transaction(handle -> flagged.find(handle, terms.storage(), terms.epoch(), perhaps));
        Tagger tagger = tagger(terms);
        for (Digest hash : perhaps) {
            long tag = tagger.tag(hash.bytes());
            if (found.containsKey(hash)) {
                known.put(hash.bytes(), new Known(again(terms, hash, found.get(hash)), true));
            } else if (cleared.contains(tag)) {
                boolean matched = !terms.matching().lists().pictures() || cleared.contains(matched(terms, tag));
                known.put(hash.bytes(), new Known(CLEARED, matched));
            }
        }
    }

    private static Ruling again(StorageTerms terms, Digest digest, Ruling earlier) {
        return RulingRules.rule(
                terms.rules().policy(), terms.rules().siteAllowlist(), new ObjectEvidence.Known(digest, earlier));
    }

    /// Remembers what the kept scores of an epoch say was cleared: as many as fit, newest listings last.
    private Horizon readCleared(Digest epoch, Horizon since) {
        Horizon reached = database.transaction(Horizon::of);
        for (ListingId listing : database.transaction(handle -> Listings.scored(handle, epoch, since))) {
            database.useTransaction(handle -> ShardStore.eachScores(handle, listing, since, this::load));
        }
        return reached;
    }

    private Horizon readFlagged(StorageTerms terms, Horizon since) {
        Tagger tagger = tagger(terms);
        Horizon reached = database.transaction(Horizon::of);
        database.useTransaction(handle -> flagged.each(
                handle, terms.storage(), terms.epoch(), since, hash -> suspect.add(tagger.tag(hash.bytes()))));
        return reached;
    }

    private void load(byte[] encoded) {
        ScoreBlock block = ScoreBlock.decode(encoded);
        for (int i = 0; i < block.objects(); i++) {
            if (block.tag(i) != 0) {
                cleared.add(block.tag(i));
            }
        }
    }

    /// Makes tags of one site's contents under one epoch. For one thread.
    public Tagger tagger(StorageTerms terms) {
        return new Tagger(secret, terms.owner(), terms.epoch());
    }

    /// Remembers contents, and that hash lists have nothing to say about them.
    ///
    /// @param terms under which they were ruled
    /// @param tags 0 is passed over; complements do no harm, being tags of nothing
    public void remember(StorageTerms terms, long[] tags) {
        for (long tag : tags) {
            if (tag != 0) {
                cleared.add(tag);
                if (terms.matching().lists().pictures()) {
                    cleared.add(matched(terms, tag));
                }
            }
        }
    }

    /// Remembers flagged contents.
    public void rememberFlagged(StorageTerms terms, Collection<Digest> contents) {
        if (!contents.isEmpty()) {
            Tagger tagger = tagger(terms);
            contents.forEach(hash -> suspect.add(tagger.tag(hash.bytes())));
        }
    }

    /// The mark of a content whose picture is on no list of a set: a tag of its own, made of the content's.
    private static long matched(StorageTerms terms, long tag) {
        long mixed = (tag ^ terms.matching().lists().grown() * 0x9e3779b97f4a7c15L) * 0xbf58476d1ce4e5b9L;
        mixed ^= mixed >>> 32;
        return mixed == 0 ? 1 : mixed;
    }

    @Override
    public boolean rejudge(Handle handle, SiteId site, Collection<Digest> contents) {
        boolean found = true;
        for (PostgresTags.Place place : PostgresTags.places(handle, site)) {
            Tagger tagger = new Tagger(secret, new OwnerId(site.value()), place.epoch());
            long[] tags = contents.stream()
                    .mapToLong(hash -> tagger.tag(hash.bytes()))
                    .flatMap(tag -> LongStream.of(tag, ~tag))
                    .sorted()
                    .toArray();
            found &= PostgresTags.lookAgain(handle, place, tag -> Arrays.binarySearch(tags, tag) >= 0);
        }
        return found;
    }

    @Override
    public boolean lookAgain(Handle handle, Collection<ShardId> shards) {
        return PostgresTags.lookAgain(handle, shards);
    }

    /// Makes tags.
    public static final class Tagger {
        private final SipHash mac = new SipHash();
        private final byte[] message = new byte[Digest.LENGTH];

        private Tagger(byte[] secret, OwnerId site, Digest epoch) {
            MessageDigest key = Digest.sha256();
            key.update(secret);
            key.update(ByteBuffer.allocate(Long.BYTES).putLong(site.value()).flip());
            key.update(epoch.toByteArray());
            mac.init(new KeyParameter(key.digest(), 0, SECRET_BYTES));
        }

        /// The tag of a content; never 0.
        public long tag(ByteString sha256) {
            sha256.copyTo(message, 0);
            mac.update(message, 0, message.length);
            long tag = Long.reverseBytes(mac.doFinal());
            return tag == 0 ? 1 : tag;
        }
    }
}
