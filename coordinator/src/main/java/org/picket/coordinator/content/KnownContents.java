package org.picket.coordinator.content;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.crypto.macs.SipHash;
import org.bouncycastle.crypto.params.KeyParameter;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.coordinator.lease.ContentProbe;
import org.picket.coordinator.listing.Listings;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.coordinator.ruling.ObjectEvidence;
import org.picket.coordinator.ruling.Ruling;
import org.picket.coordinator.ruling.RulingRules;
import org.picket.coordinator.ruling.ScoreBlock;
import org.picket.coordinator.shard.ShardStore;
import org.picket.proto.id.ListingId;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.InconclusiveReason;

/// Contents decided by lists, flagged as findings, or cleared before under the same epoch, at the same site.
///
/// Cleared contents are known by a tag alone: SipHash-2-4 of the SHA-256 under a key made of the collective's
/// secret, the site and the epoch. Who does not have the secret cannot make a content that has a cleared one's
/// tag; by chance it happens once in 2^43 look-ups at two million tags. Safe for any number of threads.
public final class KnownContents implements ContentProbe {
    /// Cleared contents remembered unless told otherwise: 16 MiB.
    public static final int CAPACITY = 1 << 21;

    /// Bytes of the secret.
    public static final int SECRET_BYTES = 16;

    private static final Ruling CLEARED = new Ruling.Cleared(Ruling.Cleared.Why.KNOWN_CONTENT);

    private final Database database;
    private final FlaggedContents flagged;
    private final byte[] secret;
    private final TagTable cleared;
    private final ConcurrentHashMap<Digest, Boolean> loaded = new ConcurrentHashMap<>();

    /// @param secret 16 bytes of the collective's own
    /// @param capacity cleared contents remembered
    public KnownContents(Database database, FlaggedContents flagged, byte[] secret, int capacity) {
        if (secret.length != SECRET_BYTES) {
            throw new IllegalArgumentException("the secret has 16 bytes");
        }
        this.database = database;
        this.flagged = flagged;
        this.secret = secret.clone();
        this.cleared = new TagTable(capacity);
    }

    @Override
    public Map<ByteString, Ruling> probe(StorageTerms terms, List<ByteString> contents) {
        loaded.computeIfAbsent(terms.epoch(), this::load);
        Map<ByteString, Ruling> known = new HashMap<>();
        List<Digest> unknown = new ArrayList<>();
        for (ByteString content : contents) {
            Digest hash = new Digest(content);
            Optional<Ruling> listed = listed(terms, hash);
            if (listed.isPresent()) {
                known.put(content, listed.get());
            } else {
                unknown.add(hash);
            }
        }
        if (!unknown.isEmpty()) {
            // Flagged goes before cleared: where agents disagreed on a content, it is not waved through.
            Map<Digest, Ruling.Flagged> found =
                    database.transaction(handle -> flagged.find(handle, terms.storage(), terms.epoch(), unknown));
            Tagger tagger = tagger(terms);
            for (Digest hash : unknown) {
                if (found.containsKey(hash)) {
                    known.put(hash.bytes(), again(terms, hash, found.get(hash)));
                } else if (cleared.contains(tagger.tag(hash.bytes()))) {
                    known.put(hash.bytes(), CLEARED);
                }
            }
        }
        return known;
    }

    private static Optional<Ruling> listed(StorageTerms terms, Digest hash) {
        Ruling ruling = RulingRules.rule(
                terms.rules().policy(),
                terms.rules().siteAllowlist(),
                new ObjectEvidence.Unreadable(Optional.of(hash), InconclusiveReason.UNREADABLE));
        return ruling instanceof Ruling.Inconclusive ? Optional.empty() : Optional.of(ruling);
    }

    private static Ruling again(StorageTerms terms, Digest digest, Ruling earlier) {
        return RulingRules.rule(
                terms.rules().policy(), terms.rules().siteAllowlist(), new ObjectEvidence.Known(digest, earlier));
    }

    /// Remembers what the kept scores of an epoch say was cleared: as many as fit, newest listings last.
    private Boolean load(Digest epoch) {
        for (ListingId listing : database.transaction(handle -> Listings.scored(handle, epoch))) {
            database.useTransaction(handle -> ShardStore.eachScores(handle, listing, this::load));
        }
        return true;
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

    /// Remembers cleared contents.
    ///
    /// @param tags 0 is passed over
    public void remember(long[] tags) {
        for (long tag : tags) {
            if (tag != 0) {
                cleared.add(tag);
            }
        }
    }

    /// Makes tags.
    public static final class Tagger {
        private final SipHash mac = new SipHash();
        private final byte[] message = new byte[Digest.LENGTH];
        private final byte[] out = new byte[Long.BYTES];

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
            mac.doFinal(out, 0);
            long tag = ByteBuffer.wrap(out).getLong();
            return tag == 0 ? 1 : tag;
        }
    }
}
