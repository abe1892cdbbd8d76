package org.picket.crawler.removal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.picket.crawler.source.PrivatePrefix;
import org.picket.crawler.source.S3Bucket;
import org.picket.crawler.source.S3Connection;
import org.picket.proto.seal.Digest;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;
import software.amazon.awssdk.services.s3.model.Permission;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// The moves of removals on a bucket: look, hash, copy, write, delete. Keys are below the storage's root. A
/// version is a version id where the bucket keeps versions, else an ETag. Safe for several threads.
final class S3Vault {

    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int PRECONDITION_FAILED = 412;
    private static final int NOT_IMPLEMENTED = 501;
    private static final int MAX_SMALL_BYTES = 64 * 1024;
    /// The group of all, as the API names it.
    private static final String EVERYBODY = "http://acs.amazonaws.com/groups/global/AllUsers";

    private static final int BUFFER_BYTES = 64 * 1024;
    /// What was stored while its bucket kept no versions has this one; the next such upload takes it over.
    static final String NO_VERSION = "null";

    /// What a HEAD tells.
    ///
    /// @param version version id or ETag
    record Stored(String version, long sizeBytes) {}

    /// What a conditional change came to.
    enum Done {
        DONE,
        /// The condition did not hold; nothing was changed.
        CONDITION_FAILED
    }

    private final S3Connection connection;
    private final KillSwitch killSwitch;

    S3Vault(S3Connection connection, KillSwitch killSwitch) {
        this.connection = connection;
        this.killSwitch = killSwitch;
    }

    boolean versioned() {
        return connection.versioned();
    }

    boolean versionsSuspended() {
        return connection.versionsSuspended();
    }

    private String bucket() {
        return connection.location().name();
    }

    private <T> T call(Callable<T> attempt) {
        return connection.call(() -> {
            // Inside, since an attempt may follow the one before by many seconds.
            killSwitch.check();
            return attempt.call();
        });
    }

    /// The object at a key, in one version where the bucket keeps versions and one is given.
    Optional<Stored> find(String key, Optional<String> versionId) {
        try {
            HeadObjectResponse head = call(() -> connection
                    .client()
                    .headObject(ask ->
                            ask.bucket(bucket()).key(connection.bucketKey(key)).versionId(versionId.orElse(null))));
            requireToldOf(Optional.ofNullable(head.versionId()));
            String version = versioned() && head.versionId() != null ? head.versionId() : S3Bucket.tag(head.eTag());
            return Optional.of(new Stored(version, head.contentLength()));
        } catch (S3Exception e) {
            if (e.statusCode() == NOT_FOUND
                    || e.statusCode() == METHOD_NOT_ALLOWED
                    // A version id that this server never gave out.
                    || (e.statusCode() == BAD_REQUEST && versionId.isPresent())) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /// A bucket counts as one without versions where it may not be asked. What such a bucket gives has none; where it
    /// has, deleting it would leave its bytes behind, so nothing is done. A server that does not know the question
    /// keeps none, whatever it calls its objects.
    private void requireToldOf(Optional<String> versionId) {
        if (connection.versionsUntold()
                && versionId.filter(id -> !id.equals(NO_VERSION)).isPresent()) {
            throw new UntoldVersions();
        }
    }

    /// The bucket keeps versions, and does not say so to the user of these credentials.
    static final class UntoldVersions extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /// The version that an order means, if the bucket still has it; whatever is at the key where there are no
    /// versions.
    Optional<Stored> findOrdered(RemovalOrder order) {
        return find(order.key(), versioned() ? Optional.of(order.version()) : Optional.empty());
    }

    /// Whether an object has exactly the content of the order, by hashing it.
    boolean holdsContent(String key, Stored stored, RemovalOrder order) {
        return stored.sizeBytes() == order.sizeBytes()
                && hash(key, stored).filter(order.sha256()::equals).isPresent();
    }

    private Optional<Digest> hash(String key, Stored stored) {
        try {
            return call(() -> read(key, stored));
        } catch (S3Exception e) {
            if (e.statusCode() == NOT_FOUND || e.statusCode() == PRECONDITION_FAILED) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private Optional<Digest> read(String key, Stored stored) throws IOException {
        MessageDigest running = Digest.sha256();
        long left = stored.sizeBytes();
        ResponseInputStream<GetObjectResponse> body = connection.client().getObject(ask -> {
            ask.bucket(bucket()).key(connection.bucketKey(key));
            if (versioned()) {
                ask.versionId(stored.version());
            } else {
                ask.ifMatch(S3Bucket.quoted(stored.version()));
            }
        });
        try {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                killSwitch.check();
                left -= read;
                running.update(buffer, 0, read);
            }
        } finally {
            body.abort();
        }
        if (left > 0) {
            throw new IOException("the content ended early");
        }
        return left == 0 ? Optional.of(Digest.finish(running)) : Optional.empty();
    }

    /// Copies inside the server, from exactly one version, over whatever is there.
    Done copyIn(String from, Stored stored, String to) {
        return copied(copyRequest(from, stored, to));
    }

    /// How a copy is asked for.
    private record Wish(boolean readByAll, boolean onlyIfNone) {}

    /// Copies inside the server unless something is there; a server that knows no such condition is asked just before
    /// instead.
    ///
    /// @param readByAll whether everybody may read the copy, where such a rule may be set; else it is the bucket's
    /// own rules that say so
    Done copyOut(String from, Stored stored, String to, boolean readByAll) {
        if (find(to, Optional.empty()).isPresent()) {
            return Done.CONDITION_FAILED;
        }
        List<Wish> wishes =
                List.of(new Wish(true, true), new Wish(true, false), new Wish(false, true), new Wish(false, false));
        boolean rule = readByAll;
        for (Wish wish : wishes) {
            if (wish.readByAll() && !rule) {
                continue;
            }
            try {
                return copied(wished(copyRequest(from, stored, to), wish));
            } catch (S3Exception e) {
                boolean last = wish.equals(wishes.getLast());
                boolean unknown = e.statusCode() == NOT_IMPLEMENTED || e.statusCode() == BAD_REQUEST;
                boolean forbidden = e.statusCode() == FORBIDDEN && wish.readByAll();
                if (last || !unknown && !forbidden) {
                    throw e;
                }
                rule = rule && !forbidden;
            }
        }
        throw new IllegalStateException("the last wish was neither granted nor refused");
    }

    private static CopyObjectRequest.Builder wished(CopyObjectRequest.Builder ask, Wish wish) {
        if (wish.readByAll()) {
            ask.acl(ObjectCannedACL.PUBLIC_READ);
        }
        return wish.onlyIfNone() ? ask.ifNoneMatch("*") : ask;
    }

    private Done copied(CopyObjectRequest.Builder ask) {
        try {
            call(() -> connection.client().copyObject(ask.build()));
            return Done.DONE;
        } catch (S3Exception e) {
            if (e.statusCode() == PRECONDITION_FAILED) {
                return Done.CONDITION_FAILED;
            }
            throw e;
        }
    }

    private CopyObjectRequest.Builder copyRequest(String from, Stored stored, String to) {
        CopyObjectRequest.Builder ask = CopyObjectRequest.builder()
                .sourceBucket(bucket())
                .sourceKey(connection.bucketKey(from))
                .destinationBucket(bucket())
                .destinationKey(connection.bucketKey(to));
        return versioned()
                ? ask.sourceVersionId(stored.version())
                : ask.copySourceIfMatch(S3Bucket.quoted(stored.version()));
    }

    /// Whether everybody may read an object by a rule of its own; no where the server has no such rules, or these
    /// credentials may not ask.
    boolean isReadByAll(String key, Stored stored) {
        try {
            return call(() -> connection
                            .client()
                            .getObjectAcl(ask -> ask.bucket(bucket())
                                    .key(connection.bucketKey(key))
                                    .versionId(versioned() ? stored.version() : null)))
                    .grants()
                    .stream()
                    .anyMatch(grant -> EVERYBODY.equals(grant.grantee().uri())
                            && (grant.permission() == Permission.READ
                                    || grant.permission() == Permission.FULL_CONTROL));
        } catch (S3Exception e) {
            return false;
        }
    }

    /// What is at a key of the private place, where it is as small as a sidecar.
    Optional<byte[]> small(String key) {
        try {
            return find(key, Optional.empty())
                    .filter(stored -> stored.sizeBytes() <= MAX_SMALL_BYTES)
                    .map(_ -> call(() -> connection
                            .client()
                            .getObjectAsBytes(ask -> ask.bucket(bucket()).key(connection.bucketKey(key)))
                            .asByteArray()));
        } catch (S3Exception e) {
            if (e.statusCode() == NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    void write(String key, byte[] content) {
        call(() -> connection
                .client()
                .putObject(ask -> ask.bucket(bucket()).key(connection.bucketKey(key)), RequestBody.fromBytes(content)));
    }

    /// Deletes what is at a key only if it still has this ETag, as far as the server honours that.
    Done deleteIfMatch(String key, String tag) {
        try {
            call(() -> connection
                    .client()
                    .deleteObject(ask ->
                            ask.bucket(bucket()).key(connection.bucketKey(key)).ifMatch(S3Bucket.quoted(tag))));
            return Done.DONE;
        } catch (S3Exception e) {
            if (e.statusCode() == NOT_FOUND) {
                return Done.DONE;
            }
            if (e.statusCode() == PRECONDITION_FAILED) {
                // A repeated request whose first try had succeeded may also be told so.
                return find(key, Optional.empty()).isEmpty() ? Done.DONE : Done.CONDITION_FAILED;
            }
            throw e;
        }
    }

    /// Deletes what is at a key, or one version of it, if it is there. With versions and without a version id it
    /// only adds a marker.
    ///
    /// @return the version id that the server answers with, where there is one: that of the marker
    Optional<String> delete(String key, Optional<String> versionId) {
        try {
            return Optional.ofNullable(call(() -> connection
                            .client()
                            .deleteObject(ask -> ask.bucket(bucket())
                                    .key(connection.bucketKey(key))
                                    .versionId(versionId.orElse(null))))
                    .versionId());
        } catch (S3Exception e) {
            // A repeated request whose first try had succeeded may also be told so.
            if (e.statusCode() != NOT_FOUND) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /// One version of a key, newest first.
    ///
    /// @param stored empty for a delete marker
    /// @param modified when it came, by the server's clock
    record Version(String versionId, boolean latest, Optional<Stored> stored, String tag, Instant modified) {

        /// Whether it is the same upload. Where versions are suspended, one may follow another under one id.
        boolean isSame(Version other) {
            return versionId.equals(other.versionId) && tag.equals(other.tag);
        }
    }

    /// The newest versions of a key, as many as one page holds.
    List<Version> versions(String key) {
        String bucketKey = connection.bucketKey(key);
        var answer = call(() -> connection
                .client()
                .listObjectVersions(
                        ask -> ask.bucket(bucket()).prefix(bucketKey).encodingType(EncodingType.URL)));
        var contents = answer.versions().stream()
                .filter(version -> version.key().equals(bucketKey))
                .map(version -> new Version(
                        version.versionId(),
                        Boolean.TRUE.equals(version.isLatest()),
                        Optional.of(new Stored(version.versionId(), version.size())),
                        S3Bucket.tag(version.eTag()),
                        version.lastModified()));
        var markers = answer.deleteMarkers().stream()
                .filter(marker -> marker.key().equals(bucketKey))
                .map(marker -> new Version(
                        marker.versionId(),
                        Boolean.TRUE.equals(marker.isLatest()),
                        Optional.empty(),
                        "",
                        marker.lastModified()));
        return java.util.stream.Stream.concat(contents, markers).toList();
    }

    /// Deletes a key of the private place with all its versions.
    void erase(String key) {
        if (!PrivatePrefix.holds(key)) {
            throw new IllegalArgumentException("only what is in the private place is erased whole");
        }
        if (versioned()) {
            for (Version version : versions(key)) {
                delete(key, Optional.of(version.versionId()));
            }
        } else {
            delete(key, Optional.empty());
        }
    }

    /// Tries on a scratch object whether this server honours the condition of a conditional delete. Some answer
    /// 204 and delete.
    boolean honoursConditionalDelete(String scratchName) {
        String key = PrivatePrefix.key(scratchName);
        write(key, scratchName.getBytes(StandardCharsets.UTF_8));
        try {
            call(() -> connection
                    .client()
                    .deleteObject(ask -> ask.bucket(bucket())
                            .key(connection.bucketKey(key))
                            .ifMatch(S3Bucket.quoted("0".repeat(32)))));
            return false;
        } catch (S3Exception e) {
            if (e.statusCode() == PRECONDITION_FAILED) {
                return find(key, Optional.empty()).isPresent();
            }
            if (e.statusCode() == NOT_IMPLEMENTED || e.statusCode() == BAD_REQUEST) {
                return false;
            }
            throw e;
        } finally {
            erase(key);
        }
    }
}
