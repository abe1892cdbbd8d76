package org.picket.crawler.source;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.picket.proto.key.KeyOrder;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.DeleteMarkerEntry;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/// An S3 bucket, or the part of it below a prefix. Only current versions are listed; what a bucket with
/// versions keeps of older ones nobody is served. Safe for several threads.
public final class S3Bucket implements Source {

    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int PRECONDITION_FAILED = 412;
    /// Pages of the server that one call may read before it answers with what it has.
    private static final int MAX_SERVER_PAGES = 16;

    /// Pages without a key that one call may read.
    private static final int MAX_PAGES_OF_NONE = 1_000;

    /// Objects in a private place that are counted; a storage with more has a greater problem.
    private static final int MAX_FOREIGN = 4_096;

    private final S3Connection connection;
    /// A set, since pages are listed again for each lease.
    private final Set<String> foreign = ConcurrentHashMap.newKeySet();

    /// @param connection closed together with the bucket
    public S3Bucket(S3Connection connection) {
        this.connection = connection;
    }

    @Override
    public String storageId() {
        return connection.location().storageId();
    }

    @Override
    public void refresh() {
        // Every page is asked of the server anew.
        foreign.clear();
    }

    @Override
    public Gaps gaps() {
        List<Gap> places = foreign.stream()
                .sorted(KeyOrder.BY_UTF8_BYTES)
                .limit(Gaps.MAX_PLACES)
                .map(key -> new Gap(
                        URLEncoder.encode(key, StandardCharsets.UTF_8)
                                .replace("+", "%20")
                                .replace("%2F", "/"),
                        Gap.Kind.PRIVATE_PLACE))
                .toList();
        return places.isEmpty() ? Gaps.NONE : new Gaps(Map.of(Gap.Kind.PRIVATE_PLACE, (long) foreign.size()), places);
    }

    private boolean mayBeListed(String key) {
        if (!PrivatePrefix.holds(key)) {
            return true;
        }
        if (PrivatePrefix.holdsForeign(key) && foreign.size() < MAX_FOREIGN) {
            foreign.add(key);
        }
        return false;
    }

    @Override
    public ListPage list(Scope scope, Optional<String> after, int limit) {
        if (limit < 1 || limit > MAX_PAGE) {
            throw new IllegalArgumentException("limit is not in 1.." + MAX_PAGE + ": " + limit);
        }
        try {
            Optional<String> at = after;
            for (int pages = 0; ; pages++) {
                ServerPage page = page(at, limit);
                checkProgress(at, page);
                List<ObjectReference> covered = page.objects().stream()
                        .filter(object -> mayBeListed(object.key()) && scope.covers(object.modified()))
                        .toList();
                if (!covered.isEmpty() || page.next().isEmpty() || pages == MAX_SERVER_PAGES) {
                    return new ListPage(covered, page.next());
                }
                at = page.next();
            }
        } catch (S3Exception e) {
            throw S3Connection.refusal(connection.location(), e);
        } catch (S3Failure e) {
            throw new SourceException(
                    "The bucket " + storageId() + " could not be listed (" + e.reason()
                            + ", after every retry). Check the network and run the same command again: it goes on from here.",
                    e);
        }
    }

    /// One page as the server gave it, keys below the root.
    private record ServerPage(List<ObjectReference> objects, Optional<String> next) {}

    private ServerPage page(Optional<String> after, int limit) {
        return connection.versioned() ? versionsPage(after, limit) : objectsPage(after, limit);
    }

    /// A page of the server may hold no key at all, though more follow: then only its token says how to go on.
    private ServerPage objectsPage(Optional<String> after, int limit) {
        Optional<String> token = Optional.empty();
        for (int pages = 0; pages < MAX_PAGES_OF_NONE; pages++) {
            ListObjectsV2Response answer = objects(after, token, limit);
            List<ObjectReference> found = new ArrayList<>();
            Optional<String> last = Optional.empty();
            for (S3Object object : answer.contents()) {
                Optional<String> key = position(object.key());
                if (key.isPresent()) {
                    last = key;
                    if (!key.get().isEmpty()) {
                        found.add(new ObjectReference(
                                key.get(), tag(object.eTag()), object.size(), object.lastModified()));
                    }
                }
            }
            if (!Boolean.TRUE.equals(answer.isTruncated()) || last.isPresent()) {
                return new ServerPage(found, next(answer.isTruncated(), last));
            }
            Optional<String> further = Optional.ofNullable(answer.nextContinuationToken());
            if (further.isEmpty() || further.equals(token)) {
                throw unsafe();
            }
            token = further;
        }
        throw unsafe();
    }

    private ListObjectsV2Response objects(Optional<String> after, Optional<String> token, int limit) {
        return connection.call(() -> connection
                .client()
                .listObjectsV2(ask -> ask.bucket(connection.location().name())
                        .prefix(connection.location().prefix())
                        .startAfter(after.map(connection::bucketKey).orElse(null))
                        .continuationToken(token.orElse(null))
                        .encodingType(EncodingType.URL)
                        .maxKeys(limit)));
    }

    /// Only the newest version of a key is marked as latest, and it comes first of them: so going on after the
    /// last key of a page never loses one, even where the page ended between two versions of it.
    private ServerPage versionsPage(Optional<String> after, int limit) {
        ListObjectVersionsResponse answer = connection.call(() -> connection
                .client()
                .listObjectVersions(ask -> ask.bucket(connection.location().name())
                        .prefix(connection.location().prefix())
                        .keyMarker(after.map(connection::bucketKey).orElse(null))
                        .encodingType(EncodingType.URL)
                        .maxKeys(limit)));
        List<ObjectReference> found = new ArrayList<>();
        for (ObjectVersion version : answer.versions()) {
            Optional<String> key = position(version.key()).filter(at -> isAfter(at, after) && !at.isEmpty());
            if (key.isPresent() && Boolean.TRUE.equals(version.isLatest())) {
                found.add(new ObjectReference(key.get(), version.versionId(), version.size(), version.lastModified()));
            }
        }
        Stream<String> seen = Stream.concat(
                answer.versions().stream().map(ObjectVersion::key),
                answer.deleteMarkers().stream().map(DeleteMarkerEntry::key));
        Optional<String> last = lastOf(seen, after).or(() -> lastOf(Stream.ofNullable(answer.nextKeyMarker()), after));
        return new ServerPage(found, next(answer.isTruncated(), last));
    }

    private Optional<String> lastOf(Stream<String> bucketKeys, Optional<String> after) {
        return bucketKeys
                .flatMap(key -> position(key).stream())
                .filter(key -> isAfter(key, after))
                .max(KeyOrder.BY_UTF8_BYTES);
    }

    private Optional<String> next(Boolean truncated, Optional<String> last) {
        return Boolean.TRUE.equals(truncated) ? Optional.of(last.orElseThrow(this::unsafe)) : Optional.empty();
    }

    private static boolean isAfter(String key, Optional<String> after) {
        return after.isEmpty() || KeyOrder.BY_UTF8_BYTES.compare(key, after.get()) > 0;
    }

    /// A server that repeats a page, or lists out of order, would send a scan round for ever or past some
    /// objects.
    private void checkProgress(Optional<String> after, ServerPage page) {
        Optional<String> last = after;
        boolean ordered = true;
        for (ObjectReference object : page.objects()) {
            ordered &= isAfter(object.key(), last);
            last = Optional.of(object.key());
        }
        if (!ordered || (page.next().isPresent() && page.next().equals(after))) {
            throw unsafe();
        }
    }

    private SourceException unsafe() {
        return new SourceException("The server of " + storageId()
                + " does not list keys in the order of their bytes, repeats a page, or says that more follow and gives"
                + " none. Picket cannot scan it safely.");
    }

    /// The key below the root. That of the prefix itself is empty: it is no object of the storage, and comes first.
    private Optional<String> position(String bucketKey) {
        String prefix = connection.location().prefix();
        return bucketKey.startsWith(prefix) ? Optional.of(bucketKey.substring(prefix.length())) : Optional.empty();
    }

    /// The text of an ETag without its quotes.
    public static String tag(String quoted) {
        return quoted.startsWith("\"") && quoted.endsWith("\"") && quoted.length() > 2
                ? quoted.substring(1, quoted.length() - 1)
                : quoted;
    }

    /// An ETag as headers carry it.
    public static String quoted(String tag) {
        return '"' + tag + '"';
    }

    @Override
    public Iterator<ObjectReference> range(Scope scope, String first, String last) {
        return new RangePages(after -> list(scope, after, MAX_PAGE), KeyRange.before(first), first, last);
    }

    @Override
    public Fetched fetch(ObjectReference reference, long maxBytes) {
        if (reference.sizeBytes() > Math.min(maxBytes, Integer.MAX_VALUE - Long.BYTES)) {
            return new Fetched.TooLarge(reference.sizeBytes());
        }
        if (PrivatePrefix.holds(reference.key())) {
            return new Fetched.Unreachable(Fetched.Reason.OUTSIDE_STORAGE);
        }
        try {
            return connection.call(() -> read(reference));
        } catch (S3Exception e) {
            return switch (e.statusCode()) {
                // 405 is the answer for a version that is a delete marker.
                case NOT_FOUND, METHOD_NOT_ALLOWED -> new Fetched.Gone();
                case PRECONDITION_FAILED -> changed(reference);
                default -> new Fetched.Unreachable(S3Faults.reason(e));
            };
        } catch (S3Failure e) {
            return new Fetched.Unreachable(e.reason());
        }
    }

    private Fetched read(ObjectReference reference) throws IOException {
        GetObjectRequest.Builder ask = GetObjectRequest.builder()
                .bucket(connection.location().name())
                .key(connection.bucketKey(reference.key()));
        if (connection.versioned()) {
            ask.versionId(reference.version());
        } else {
            ask.ifMatch(quoted(reference.version()));
        }
        long deadline = System.nanoTime() + connection.callTimeout().toNanos();
        ResponseInputStream<GetObjectResponse> body = connection.client().getObject(ask.build());
        boolean whole = false;
        try {
            GetObjectResponse head = body.response();
            // Some servers do not look at If-Match.
            if (!connection.versioned() && !tag(head.eTag()).equals(reference.version())) {
                return new Fetched.Changed(new ObjectReference(
                        reference.key(), tag(head.eTag()), head.contentLength(), head.lastModified()));
            }
            if (head.contentLength() == null || head.contentLength() != reference.sizeBytes()) {
                throw new S3Faults.WrongLength();
            }
            byte[] bytes = readExactly(body, Math.toIntExact(reference.sizeBytes()), deadline);
            whole = true;
            return new Fetched.Content(reference, bytes);
        } finally {
            if (whole) {
                body.close();
            } else {
                // Closing would read the rest first.
                body.abort();
            }
        }
    }

    private static byte[] readExactly(InputStream body, int length, long deadline) throws IOException {
        byte[] bytes = new byte[length];
        int at = 0;
        while (at < length) {
            int read = body.read(bytes, at, length - at);
            if (read < 0) {
                throw new S3Faults.WrongLength();
            }
            at += read;
            if (System.nanoTime() - deadline > 0) {
                throw new S3Faults.TooSlow();
            }
        }
        if (body.read() >= 0) {
            throw new S3Faults.WrongLength();
        }
        return bytes;
    }

    private Fetched changed(ObjectReference reference) {
        try {
            HeadObjectResponse head = connection.call(() -> connection
                    .client()
                    .headObject(ask ->
                            ask.bucket(connection.location().name()).key(connection.bucketKey(reference.key()))));
            return new Fetched.Changed(
                    new ObjectReference(reference.key(), tag(head.eTag()), head.contentLength(), head.lastModified()));
        } catch (S3Exception e) {
            return e.statusCode() == NOT_FOUND ? new Fetched.Gone() : new Fetched.Unreachable(S3Faults.reason(e));
        } catch (S3Failure e) {
            return new Fetched.Unreachable(e.reason());
        }
    }

    @Override
    public void close() {
        connection.close();
    }
}
