package org.picket.crawler.source;

import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;

/// One regular file as the index keeps it.
///
/// @param key UTF-8 bytes of the path below the root
/// @param seconds and
/// @param nanos time of modification since 1970
/// @param inode number of the file in its file system; 0 where there is none
record FolderEntry(byte[] key, long sizeBytes, long seconds, int nanos, long inode) {

    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final String INODE_MARK = "ino=";

    static FolderEntry of(byte[] key, BasicFileAttributes attributes) {
        Instant modified = attributes.lastModifiedTime().toInstant();
        return new FolderEntry(
                key, attributes.size(), modified.getEpochSecond(), modified.getNano(), inode(attributes.fileKey()));
    }

    /// The version of a file with these attributes.
    static String version(BasicFileAttributes attributes) {
        return of(new byte[0], attributes).version();
    }

    /// The JDK gives the inode only inside the text of its file key, as in `(dev=fe00,ino=4711)`.
    private static long inode(Object fileKey) {
        if (fileKey == null) {
            return 0;
        }
        String text = fileKey.toString();
        int start = text.indexOf(INODE_MARK);
        int end = text.indexOf(')', start);
        if (start < 0 || end < 0) {
            return text.hashCode();
        }
        return Long.parseLong(text, start + INODE_MARK.length(), end, 10);
    }

    String version() {
        // The product may wrap for absurd times; the version stays a function of the time all the same.
        long modifiedNanos = seconds * NANOS_PER_SECOND + nanos;
        return Long.toHexString(sizeBytes) + '-' + Long.toHexString(modifiedNanos) + '-' + Long.toHexString(inode);
    }

    ObjectReference reference() {
        return new ObjectReference(
                new String(key, StandardCharsets.UTF_8), version(), sizeBytes, Instant.ofEpochSecond(seconds, nanos));
    }
}
